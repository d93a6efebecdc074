/* A ``PyInterpreterGuard`` holds back finalization until it is closed; from 3.15 on.

   A thread takes a guard and waits for the ``atexit`` callback, which runs before the wait for
   guards. Then it is slow, attaches and runs Python code.
*/

#include "probe.h"

#if PY_VERSION_HEX < 0x030F0000

int
main(void)
{
    report_absent("no PyInterpreterGuard");
    return 0;
}

#else

static int pipe_ends[2];
static char seen[100];

static PyObject *
let_go(PyObject *Py_UNUSED(self), PyObject *Py_UNUSED(ignored))
{
    strcat(seen, "atexit, ");
    return PyLong_FromSsize_t(write(pipe_ends[1], "go", 2));
}

static PyMethodDef let_go_def = {"let_go", let_go, METH_NOARGS, NULL};

static void *
work(void *guard)
{
    char go[2];
    if (read(pipe_ends[0], go, 2) == 2) {
        usleep(300 * 1000);  /* time enough to finalize, if nothing held that back */
        PyThreadStateToken *token = PyThreadState_Ensure(guard);
        strcat(seen, Py_IsFinalizing() ? "thread too late, " : "thread attached, ");
        PyThreadState_Release(token);
    }
    PyInterpreterGuard_Close(guard);
    return NULL;
}

int
main(void)
{
    pthread_t thread;
    if (pipe(pipe_ends) < 0) {
        return 1;
    }
    Py_Initialize();
    PyObject *globals = PyModule_GetDict(PyImport_AddModule("__main__"));
    PyDict_SetItemString(globals, "let_go", must(PyCFunction_New(&let_go_def, NULL)));
    PyRun_SimpleString("import atexit; atexit.register(let_go)");
    pthread_create(&thread, NULL, work, PyInterpreterGuard_FromCurrent());
    Py_FinalizeEx();
    strcat(seen, "the end");
    report_works("%s", seen);
    return 0;
}

#endif
