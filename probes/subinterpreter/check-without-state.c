/* ``PyGILState_Check()`` says 1 without a thread state once there has been a subinterpreter. */

#include "probe.h"

int
main(void)
{
    Py_Initialize();
    PyThreadState *saved = PyEval_SaveThread();
    int before = PyGILState_Check();
    PyEval_RestoreThread(saved);
    PyThreadState *caller = PyThreadState_Get();
    leave_interpreter(enter_interpreter(LEGACY), caller);
    saved = PyEval_SaveThread();
    int after = PyGILState_Check();
    PyEval_RestoreThread(saved);
    report_works("before: %d, after: %d", before, after);
    Py_FinalizeEx();
    return 0;
}
