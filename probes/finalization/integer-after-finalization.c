/* Making an integer after ``Py_FinalizeEx()`` goes well up to 3.11 and crashes from 3.12 on. */

#include "probe.h"

int
main(void)
{
    Py_Initialize();
    Py_FinalizeEx();
    PyLong_FromLong(100000);
    report_works("it is made");
    return 0;
}
