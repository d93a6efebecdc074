/* Python initialized in one thread and finalized in another: it hangs from 3.9 to 3.12.

   The first thread imported ``threading`` and has ended. Where it did not, see
   ``finalize-in-other-thread-no-threading``.
*/

#include "probe.h"
#include <signal.h>

static void
give_up(int Py_UNUSED(signal_number))
{
    static const char line[] = "{\"outcome\": \"hangs\", \"detail\": \"Py_FinalizeEx()\"}\n";
    _exit(write(1, line, sizeof(line) - 1) < 0);
}

static void *
start(void *Py_UNUSED(arg))
{
    Py_Initialize();
    PyRun_SimpleString("import threading");
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
    signal(SIGALRM, give_up);
    alarm(4);
    report_works("returns %d", Py_FinalizeEx());
    return 0;
}
