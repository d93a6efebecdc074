/* ``PyGILState_Ensure()`` in a thread that was in a subinterpreter: main up to 3.11, then that one.

   The thread has entered the subinterpreter and detached in it.
*/

#include "probe.h"

int
main(void)
{
    Py_Initialize();
    PyThreadState *caller = PyThreadState_Get();
    PyThreadState *inside = enter_interpreter(LEGACY);
    PyThreadState *saved = PyEval_SaveThread();
    PyGILState_STATE state = PyGILState_Ensure();
    int in_main = PyThreadState_Get()->interp == PyInterpreterState_Main();
    PyGILState_Release(state);
    PyEval_RestoreThread(saved);
    leave_interpreter(inside, caller);
    report_works("in %s", in_main ? "the main interpreter" : "the subinterpreter");
    Py_FinalizeEx();
    return 0;
}
