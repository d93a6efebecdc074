/* ``PyGILState_Release()`` in place of ``PyEval_SaveThread()`` is a fatal error on 3.11, 3.12. */

#include "probe.h"

int
main(void)
{
    Py_Initialize();
    PyGILState_Release(PyGILState_UNLOCKED);
    PyGILState_STATE state = PyGILState_Ensure();
    PyGILState_Release(state);
    report_works("both return");
    fflush(stdout);
    _exit(0);
}
