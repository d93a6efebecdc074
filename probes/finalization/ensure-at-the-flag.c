/* A C thread that first asks for Python after the flag ends, hangs, or on 3.14 is let in.

   It ends up to 3.13.7, hangs since 3.13.8, and hangs on 3.15. The ``__del__`` of a global wakes it
   up, lets go of the GIL and waits for a word of it, for a second at most. */

#include "probe.h"
#include <poll.h>

static int to_thread[2];
static int from_thread[2];
static char heard = 'n'; /* nothing */

static void
tell(const char *letter)
{
    if (write(from_thread[1], letter, 1) != 1) {
        abort();
    }
}

static void
say_ends(void *Py_UNUSED(arg))
{
    tell("e");
}

static void *
work(void *Py_UNUSED(arg))
{
    char go;
    pthread_cleanup_push(say_ends, NULL);
    if (read(to_thread[0], &go, 1) == 1) {
        PyGILState_STATE state = PyGILState_Ensure();
        tell("i");
        PyGILState_Release(state);
    }
    pthread_cleanup_pop(0);
    return NULL;
}

static PyObject *
wake(PyObject *Py_UNUSED(self), PyObject *Py_UNUSED(ignored))
{
    struct pollfd ready = {.fd = from_thread[0], .events = POLLIN};
    Py_BEGIN_ALLOW_THREADS
    if (write(to_thread[1], "x", 1) != 1
        || (poll(&ready, 1, 1000) == 1 && read(from_thread[0], &heard, 1) != 1)) {
        abort();
    }
    Py_END_ALLOW_THREADS
    Py_RETURN_NONE;
}

static PyMethodDef wake_definition = {"wake", wake, METH_NOARGS, NULL};

int
main(void)
{
    pthread_t thread;
    if (pipe(to_thread) < 0 || pipe(from_thread) < 0) {
        return 1;
    }
    Py_Initialize();
    pthread_create(&thread, NULL, work, NULL);
    PyObject *names = PyModule_GetDict(must(PyImport_AddModule("__main__")));
    PyDict_SetItemString(names, "wake", must(PyCFunction_New(&wake_definition, NULL)));
    PyRun_SimpleString("class Finalizer:\n"
                       "    def __del__(self, wake=wake):\n"
                       "        wake()\n"
                       "target = Finalizer()\n");
    Py_FinalizeEx();
    report_works("the thread %s", heard == 'e' ? "ends" : heard == 'i' ? "is let in" : "hangs");
    return 0;
}
