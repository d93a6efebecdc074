/* A thread that asks twice for a thread state of one interpreter gets the same; from 3.15 on. */

#include "probe.h"

#if PY_VERSION_HEX < 0x030F0000

int
main(void)
{
    report_absent("no PyThreadState_Ensure()");
    return 0;
}

#else

static PyInterpreterGuard *guard;
static char seen[100];

static void *
work(void *Py_UNUSED(arg))
{
    PyThreadStateToken *outer = PyThreadState_Ensure(guard);
    PyThreadState *first = PyThreadState_Get();
    PyThreadStateToken *inner = PyThreadState_Ensure(guard);
    PyThreadState *second = PyThreadState_Get();
    PyThreadState_Release(inner);
    PyThreadState *still = PyThreadState_GetUnchecked();
    PyThreadState_Release(outer);
    snprintf(seen, sizeof(seen), "%s, %s, %s", first == second ? "the same" : "another",
             still == first ? "kept" : "gone",
             PyThreadState_GetUnchecked() == NULL ? "none after" : "one after");
    return NULL;
}

int
main(void)
{
    Py_Initialize();
    guard = PyInterpreterGuard_FromCurrent();
    PyThreadState *saved = PyEval_SaveThread();
    pthread_t thread;
    pthread_create(&thread, NULL, work, NULL);
    pthread_join(thread, NULL);
    PyEval_RestoreThread(saved);
    PyInterpreterGuard_Close(guard);
    report_works("%s", seen);
    Py_FinalizeEx();
    return 0;
}

#endif
