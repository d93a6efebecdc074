/* Python initialized in one thread and finalized in another ends in order without ``threading``. */

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
    PyGILState_Ensure();
    report_works("returns %d", Py_FinalizeEx());
    return 0;
}
