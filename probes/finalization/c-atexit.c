/* ``Py_AtExit()`` callbacks run after all finalizers, the last registered first. */

#include "probe.h"

static char seen[200];

static void
first(void)
{
    strcat(seen, Py_IsInitialized() ? "first, initialized" : "first");
}

static void
last(void)
{
    strcat(seen, "last, ");
}

static PyObject *
tell(PyObject *Py_UNUSED(self), PyObject *Py_UNUSED(ignored))
{
    strcat(seen, "__del__, ");
    Py_RETURN_NONE;
}

static PyMethodDef tell_def = {"tell", tell, METH_NOARGS, NULL};

int
main(void)
{
    Py_Initialize();
    Py_AtExit(first);
    Py_AtExit(last);
    PyObject *globals = PyModule_GetDict(PyImport_AddModule("__main__"));
    PyDict_SetItemString(globals, "tell", must(PyCFunction_New(&tell_def, NULL)));
    PyRun_SimpleString("class Finalizer:\n"
                       "    def __del__(self, tell=tell):\n"
                       "        tell()\n"
                       "target = Finalizer()\n");
    Py_FinalizeEx();
    report_works("%s", seen);
    return 0;
}
