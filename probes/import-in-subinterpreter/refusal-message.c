/* An isolated subinterpreter refuses a single-phase module by an ImportError since 3.12.

   It does so though the main interpreter has imported the module.

   :since: 3.9 */

#include "probe.h"

static PyObject *
probe(PyObject *Py_UNUSED(module), PyObject *Py_UNUSED(ignored))
{
    PyThreadState *caller = PyThreadState_Get();
    PyThreadState *inside = enter_interpreter(ISOLATED);
    PyObject *copy = PyImport_ImportModule("single");
    if (copy == NULL) {
        report_exception();
    }
    else {
        report_works("loads");
        Py_DECREF(copy);
    }
    leave_interpreter(inside, caller);
    Py_RETURN_NONE;
}

static PyMethodDef methods[] = {{"probe", probe, METH_NOARGS, NULL}, {NULL, NULL, 0, NULL}};

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "single", .m_methods = methods};

PyMODINIT_FUNC
PyInit_single(void)
{
    return PyModule_Create(&definition);
}
