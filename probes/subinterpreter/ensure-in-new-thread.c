/* ``PyGILState_Ensure()`` in a new C thread attaches it to the main interpreter, on every version.

   So it is even while the only thread that runs Python code is in a subinterpreter.
*/

#include "probe.h"

static long long id;

static void *
work(void *Py_UNUSED(arg))
{
    PyGILState_STATE state = PyGILState_Ensure();
    id = PyInterpreterState_GetID(PyThreadState_Get()->interp);
    PyGILState_Release(state);
    return NULL;
}

int
main(void)
{
    Py_Initialize();
    PyThreadState *caller = PyThreadState_Get();
    PyThreadState *inside = enter_interpreter(LEGACY);
    PyThreadState *saved = PyEval_SaveThread();
    pthread_t thread;
    pthread_create(&thread, NULL, work, NULL);
    pthread_join(thread, NULL);
    PyEval_RestoreThread(saved);
    leave_interpreter(inside, caller);
    report_works("in interpreter %lld", id);
    Py_FinalizeEx();
    return 0;
}
