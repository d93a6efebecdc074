/* ``Py_FinalizeEx()`` called by an ``atexit`` callback crashes. */

#include "probe.h"

static PyObject *
finalize(PyObject *Py_UNUSED(self), PyObject *Py_UNUSED(ignored))
{
    static int called = 0;
    if (!called) {
        called = 1;
        Py_FinalizeEx();
    }
    Py_RETURN_NONE;
}

static PyMethodDef finalize_def = {"finalize", finalize, METH_NOARGS, NULL};

int
main(void)
{
    Py_Initialize();
    PyObject *globals = PyModule_GetDict(PyImport_AddModule("__main__"));
    PyDict_SetItemString(globals, "finalize", must(PyCFunction_New(&finalize_def, NULL)));
    PyRun_SimpleString("import atexit; atexit.register(finalize)");
    report_works("returns %d", Py_FinalizeEx());
    return 0;
}
