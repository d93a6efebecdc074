/* An extension module cannot be imported beside an own GIL while the main thread keeps its GIL: 3.13.

   The main thread waits for the thread that imports, without ``Py_BEGIN_ALLOW_THREADS``.
   Since 3.13 the initialization function is called in the main interpreter, which takes its GIL.
*/

#include "probe.h"
#include <signal.h>

static PyInterpreterState *chosen;
static char seen[200];

static void
give_up(int Py_UNUSED(signal_number))
{
    static const char line[] = "{\"outcome\": \"hangs\", \"detail\": \"the import of _random\"}\n";
    _exit(write(1, line, sizeof(line) - 1) < 0);
}

static void *
work(void *Py_UNUSED(argument))
{
    PyThreadState *own = PyThreadState_New(chosen);
    PyEval_RestoreThread(own);
    PyObject *module = PyImport_ImportModule("_random");
    snprintf(seen, sizeof(seen), "%s", module == NULL ? "ImportError" : "imported");
    PyErr_Clear();
    Py_XDECREF(module);
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
    /* The main thread leaves the subinterpreter, and keeps the GIL of the main interpreter. */
    PyThreadState_Swap(caller);
    signal(SIGALRM, give_up);
    alarm(3);
    pthread_t thread;
    pthread_create(&thread, NULL, work, NULL);
    pthread_join(thread, NULL);
    report_works("%s", seen);
    fflush(stdout);
    _exit(0);
}
