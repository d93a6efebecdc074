/* A C thread enters the subinterpreter that it chooses with a thread state made for it, from 3.12 on.

   The subinterpreter has a GIL of its own.
   A ``PyGILState_Ensure()`` in between stays there.
*/

#include "probe.h"

static PyInterpreterState *chosen;
static char seen[100];

static const char *
where(void)
{
    return PyThreadState_Get()->interp == chosen ? "chosen" : "another";
}

static void *
work(void *Py_UNUSED(arg))
{
    PyThreadState *own = PyThreadState_New(chosen);
    PyEval_RestoreThread(own);
    PyRun_SimpleString("import json\nx = json.dumps([1])");
    snprintf(seen, sizeof(seen), "%s", where());
    PyGILState_STATE state = PyGILState_Ensure();
    snprintf(seen + strlen(seen), sizeof(seen) - strlen(seen), ", nested: %s", where());
    PyGILState_Release(state);
    PyThreadState_Clear(own);
    PyThreadState_DeleteCurrent();
    return NULL;
}

int
main(void)
{
    if (!kind_exists(OWN_GIL)) {
        report_absent("no interpreter with a GIL of its own");
        return 0;
    }
    Py_Initialize();
    PyThreadState *caller = PyThreadState_Get();
    PyThreadState *inside = enter_interpreter(OWN_GIL);
    chosen = inside->interp;
    PyThreadState *saved = PyEval_SaveThread();
    pthread_t thread;
    pthread_create(&thread, NULL, work, NULL);
    pthread_join(thread, NULL);
    PyEval_RestoreThread(saved);
    leave_interpreter(inside, caller);
    report_works("%s, ends with %d", seen, Py_FinalizeEx());
    return 0;
}
