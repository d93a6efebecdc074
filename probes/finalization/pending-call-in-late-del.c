/* A pending call from a late ``__del__`` is made from 3.9 on, if Python code still runs. */

#include "probe.h"

static char seen[200];

static int
pending(void *text)
{
    strcat(seen, text);
    return 0;
}

static PyObject *
ask(PyObject *Py_UNUSED(self), PyObject *Py_UNUSED(ignored))
{
    int refused = Py_AddPendingCall(pending, " and made");
    strcat(seen, refused ? "refused" : "accepted");
    Py_RETURN_NONE;
}

static PyMethodDef ask_def = {"ask", ask, METH_NOARGS, NULL};

int
main(void)
{
    Py_Initialize();
    PyObject *globals = PyModule_GetDict(PyImport_AddModule("__main__"));
    PyDict_SetItemString(globals, "ask", must(PyCFunction_New(&ask_def, NULL)));
    PyRun_SimpleString("class Finalizer:\n"
                       "    def __del__(self, ask=ask):\n"
                       "        ask()\n"
                       "        for _ in range(1000):\n"
                       "            pass\n"
                       "target = Finalizer()\n");
    Py_FinalizeEx();
    report_works("%s", seen);
    return 0;
}
