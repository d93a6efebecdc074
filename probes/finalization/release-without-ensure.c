/* ``PyGILState_Release()`` without ``PyGILState_Ensure()`` is a fatal error. */

#include "probe.h"

static void *
work(void *Py_UNUSED(argument))
{
    PyGILState_Release(PyGILState_UNLOCKED);
    return NULL;
}

int
main(void)
{
    pthread_t thread;
    Py_Initialize();
    PyThreadState *state = PyEval_SaveThread();
    pthread_create(&thread, NULL, work, NULL);
    pthread_join(thread, NULL);
    PyEval_RestoreThread(state);
    report_works("it returns");
    return 0;
}
