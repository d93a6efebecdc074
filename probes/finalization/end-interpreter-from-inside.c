/* ``Py_EndInterpreter()`` called by code that the interpreter is running is a fatal error. */

#include "probe.h"

static PyObject *
end(PyObject *Py_UNUSED(self), PyObject *Py_UNUSED(ignored))
{
    Py_EndInterpreter(PyThreadState_Get());
    Py_RETURN_NONE;
}

static PyMethodDef end_def = {"end", end, METH_NOARGS, NULL};

int
main(void)
{
    Py_Initialize();
    Py_NewInterpreter();
    PyObject *globals = PyModule_GetDict(PyImport_AddModule("__main__"));
    PyDict_SetItemString(globals, "end", must(PyCFunction_New(&end_def, NULL)));
    PyRun_SimpleString("end()");
    report_works("the subinterpreter ends");
    return 0;
}
