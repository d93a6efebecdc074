/* ``PyGILState_Ensure()`` after ``Py_FinalizeEx()`` crashes up to 3.14 and hangs from 3.15 on. */

#include "probe.h"

int
main(void)
{
    Py_Initialize();
    Py_FinalizeEx();
    PyGILState_Release(PyGILState_Ensure());
    report_works("it returns");
    return 0;
}
