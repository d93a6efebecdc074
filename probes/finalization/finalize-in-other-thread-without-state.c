/* ``Py_FinalizeEx()`` in a thread that never had a thread state crashes on every version. */

#include "probe.h"

static void *
start(void *Py_UNUSED(arg))
{
    Py_Initialize();
    PyEval_SaveThread();
    return NULL;
}

int
main(void)
{
    pthread_t thread;
    pthread_create(&thread, NULL, start, NULL);
    pthread_join(thread, NULL);
    report_works("returns %d", Py_FinalizeEx());
    return 0;
}
