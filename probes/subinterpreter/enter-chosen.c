/* A C thread enters the subinterpreter that it chooses with a thread state made for it.

   The interpreter shares the GIL, or from 3.12 on has its own. A ``PyGILState_Ensure()`` in between
   stays there.
*/

#include "probe.h"

static PyInterpreterState *chosen;
static int stays;

static void *
work(void *Py_UNUSED(arg))
{
    PyThreadState *own = PyThreadState_New(chosen);
    PyEval_RestoreThread(own);
    PyRun_SimpleString("import json\nx = json.dumps([1])");
    stays = PyThreadState_Get()->interp == chosen;
    PyGILState_STATE state = PyGILState_Ensure();
    stays = stays && PyThreadState_Get()->interp == chosen;
    PyGILState_Release(state);
    PyThreadState_Clear(own);
    PyThreadState_DeleteCurrent();
    return NULL;
}

int
main(void)
{
    static const enum kind kinds[] = {LEGACY, OWN_GIL};
    static const char *const names[] = {"legacy", ", own GIL"};
    char seen[100] = "";
    Py_Initialize();
    for (int i = 0; i < 2 && kind_exists(kinds[i]); i++) {
        PyThreadState *caller = PyThreadState_Get();
        PyThreadState *inside = enter_interpreter(kinds[i]);
        chosen = inside->interp;
        PyThreadState *saved = PyEval_SaveThread();
        pthread_t thread;
        pthread_create(&thread, NULL, work, NULL);
        pthread_join(thread, NULL);
        PyEval_RestoreThread(saved);
        leave_interpreter(inside, caller);
        size_t length = strlen(seen);
        snprintf(seen + length, sizeof(seen) - length, "%s: %s", names[i],
                 stays ? "chosen" : "another");
    }
    report_works("%s, ends with %d", seen, Py_FinalizeEx());
    return 0;
}
