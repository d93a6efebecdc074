/* A second ``Py_FinalizeEx()`` does nothing and returns 0. */

#include "probe.h"

int
main(void)
{
    Py_Initialize();
    int first = Py_FinalizeEx();
    int second = Py_FinalizeEx();
    report_works("returns %d and %d", first, second);
    return 0;
}
