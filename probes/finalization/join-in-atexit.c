/* A C thread that an ``atexit`` callback stops and joins never meets the finalizing flag. */

#include "probe.h"

static pthread_t thread;
static volatile int stop, calls;

static void *
work(void *Py_UNUSED(arg))
{
    while (!stop) {
        PyGILState_STATE state = PyGILState_Ensure();
        calls++;
        PyGILState_Release(state);
    }
    return NULL;
}

static PyObject *
stop_thread(PyObject *Py_UNUSED(self), PyObject *Py_UNUSED(ignored))
{
    stop = 1;
    Py_BEGIN_ALLOW_THREADS  /* the thread may be waiting for this one */
    pthread_join(thread, NULL);
    Py_END_ALLOW_THREADS
    Py_RETURN_NONE;
}

static PyMethodDef stop_def = {"stop_thread", stop_thread, METH_NOARGS, NULL};

int
main(void)
{
    Py_Initialize();
    PyObject *globals = PyModule_GetDict(PyImport_AddModule("__main__"));
    PyDict_SetItemString(globals, "stop_thread", must(PyCFunction_New(&stop_def, NULL)));
    PyRun_SimpleString("import atexit; atexit.register(stop_thread)");
    pthread_create(&thread, NULL, work, NULL);
    PyRun_SimpleString("import time; time.sleep(0.2)");
    int status = Py_FinalizeEx();
    report_works("%s, returns %d", calls > 0 ? "called" : "never called", status);
    return 0;
}
