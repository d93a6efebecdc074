/* A C thread that holds a C lock while it attaches blocks the end of Python for ever. */

#include "probe.h"
#include <signal.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int pipe_ends[2];

static void *
work(void *Py_UNUSED(arg))
{
    char go[2];
    pthread_mutex_lock(&lock);
    if (read(pipe_ends[0], go, 2) != 2) {
        exit(1);
    }
    PyGILState_STATE state = PyGILState_Ensure();
    PyGILState_Release(state);
    pthread_mutex_unlock(&lock);
    return NULL;
}

static PyObject *
use_lock(PyObject *Py_UNUSED(self), PyObject *Py_UNUSED(ignored))
{
    if (write(pipe_ends[1], "go", 2) != 2) {
        exit(1);
    }
    usleep(200000);
    pthread_mutex_lock(&lock);
    pthread_mutex_unlock(&lock);
    Py_RETURN_NONE;
}

static PyMethodDef use_def = {"use_lock", use_lock, METH_NOARGS, NULL};

static void
give_up(int Py_UNUSED(signal_number))
{
    static const char line[] = "{\"outcome\": \"hangs\", \"detail\": \"Py_FinalizeEx()\"}\n";
    _exit(write(STDOUT_FILENO, line, sizeof(line) - 1) < 0);
}

int
main(void)
{
    pthread_t thread;
    if (pipe(pipe_ends) < 0) {
        return 1;
    }
    Py_Initialize();
    pthread_create(&thread, NULL, work, NULL);
    PyObject *globals = PyModule_GetDict(PyImport_AddModule("__main__"));
    PyDict_SetItemString(globals, "use_lock", must(PyCFunction_New(&use_def, NULL)));
    PyRun_SimpleString("class Finalizer:\n"
                       "    def __del__(self):\n"
                       "        use_lock()\n"
                       "target = Finalizer()\n");
    signal(SIGALRM, give_up);
    alarm(4);
    report_works("returns %d", Py_FinalizeEx());
    return 0;
}
