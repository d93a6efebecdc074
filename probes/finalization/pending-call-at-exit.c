/* Pending calls that wait when finalization begins are made before the ``atexit`` callbacks. */

#include "probe.h"

static char seen[200];

static int
pending(void *text)
{
    strcat(seen, text);
    return 0;
}

static PyObject *
tell(PyObject *Py_UNUSED(self), PyObject *Py_UNUSED(ignored))
{
    strcat(seen, "atexit");
    Py_RETURN_NONE;
}

static PyMethodDef tell_def = {"tell", tell, METH_NOARGS, NULL};

int
main(void)
{
    Py_Initialize();
    PyObject *globals = PyModule_GetDict(PyImport_AddModule("__main__"));
    PyDict_SetItemString(globals, "tell", must(PyCFunction_New(&tell_def, NULL)));
    PyRun_SimpleString("import atexit; atexit.register(tell)");
    Py_AddPendingCall(pending, "first asked, ");
    Py_AddPendingCall(pending, "last asked, ");
    Py_FinalizeEx();
    report_works("%s", seen);
    return 0;
}
