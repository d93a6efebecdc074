/* Once the finalizing flag is set, neither a guard nor a thread state is granted; from 3.15 on. */

#include "probe.h"

#if PY_VERSION_HEX < 0x030F0000

int
main(void)
{
    report_absent("no PyInterpreterGuard");
    return 0;
}

#else

static PyInterpreterView *view;
static char seen[100];

static PyObject *
ask(PyObject *Py_UNUSED(self), PyObject *Py_UNUSED(ignored))
{
    PyInterpreterGuard *guard = PyInterpreterGuard_FromView(view);
    strcat(seen, guard == NULL ? "no guard, " : "a guard, ");
    PyThreadStateToken *token = PyThreadState_EnsureFromView(view);
    strcat(seen, token == NULL ? "no thread state" : "a thread state");
    Py_RETURN_NONE;
}

static PyMethodDef ask_def = {"ask", ask, METH_NOARGS, NULL};

int
main(void)
{
    Py_Initialize();
    view = PyInterpreterView_FromCurrent();
    PyObject *globals = PyModule_GetDict(PyImport_AddModule("__main__"));
    PyDict_SetItemString(globals, "ask", must(PyCFunction_New(&ask_def, NULL)));
    PyRun_SimpleString("class Finalizer:\n"
                       "    def __del__(self):\n"
                       "        ask()\n"
                       "target = Finalizer()\n");
    Py_FinalizeEx();
    report_works("%s", seen);
    return 0;
}

#endif
