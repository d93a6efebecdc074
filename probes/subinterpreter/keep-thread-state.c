/* A C thread can keep one thread state of a subinterpreter for many calls. */

#include "probe.h"

static PyInterpreterState *chosen;

static void *
work(void *Py_UNUSED(arg))
{
    PyThreadState *own = PyThreadState_New(chosen);
    for (int call = 0; call < 1000; call++) {
        PyEval_RestoreThread(own);
        PyRun_SimpleString("calls = globals().get('calls', 0) + 1");
        PyEval_SaveThread();
    }
    PyEval_RestoreThread(own);
    PyThreadState_Clear(own);
    PyThreadState_DeleteCurrent();
    return NULL;
}

int
main(void)
{
    Py_Initialize();
    PyThreadState *caller = PyThreadState_Get();
    PyThreadState *inside = enter_interpreter(LEGACY);
    chosen = inside->interp;
    PyThreadState *saved = PyEval_SaveThread();
    pthread_t thread;
    pthread_create(&thread, NULL, work, NULL);
    pthread_join(thread, NULL);
    PyEval_RestoreThread(saved);
    PyObject *names = PyModule_GetDict(PyImport_AddModule("__main__"));
    long calls = PyLong_AsLong(PyDict_GetItemString(names, "calls"));
    leave_interpreter(inside, caller);
    report_works("%ld calls", calls);
    Py_FinalizeEx();
    return 0;
}
