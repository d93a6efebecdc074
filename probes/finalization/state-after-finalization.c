/* ``PyThreadState_Get()`` after ``Py_FinalizeEx()`` is a fatal error. */

#include "probe.h"

int
main(void)
{
    Py_Initialize();
    Py_FinalizeEx();
    PyThreadState_Get();
    report_works("it returns");
    return 0;
}
