/* After a configuration was refused, a process of 3.12 aborts at its end.

   Later versions end it normally. The configuration has only zeros.

   :since: 3.12 */

#include "probe.h"

static PyObject *
probe(PyObject *Py_UNUSED(module), PyObject *Py_UNUSED(ignored))
{
    PyThreadState *caller = PyThreadState_Get(), *inside = NULL;

    PyInterpreterConfig config = {.gil = 0};
    PyStatus status = Py_NewInterpreterFromConfig(&inside, &config);
    if (PyStatus_Exception(status)) {
        report_works("refused, and the process ends");
        Py_RETURN_NONE;
    }
    leave_interpreter(inside, caller);
    PyErr_SetString(PyExc_RuntimeError, "the configuration was accepted");
    return NULL;
}

static PyMethodDef methods[] = {{"probe", probe, METH_NOARGS, NULL}, {NULL, NULL, 0, NULL}};

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "creator", .m_methods = methods};

PyMODINIT_FUNC
PyInit_creator(void)
{
    return PyModuleDef_Init(&definition);
}
