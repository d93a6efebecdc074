/* A :c:type:`PyInterpreterConfig` with an unknown value of ``gil`` is refused.

   :since: 3.12 */

#include "probe.h"

static PyObject *
probe(PyObject *Py_UNUSED(module), PyObject *Py_UNUSED(ignored))
{
    PyThreadState *caller = PyThreadState_Get(), *inside = NULL;

    PyInterpreterConfig config = {.check_multi_interp_extensions = 1, .gil = 3};
    PyStatus status = Py_NewInterpreterFromConfig(&inside, &config);
    if (PyStatus_Exception(status)) {
        report_raises("PyStatus: %s", status.err_msg);
        _exit(0); /* 3.12 aborts when it ends after that */
    }
    report_works("accepted");
    leave_interpreter(inside, caller);
    Py_RETURN_NONE;
}

static PyMethodDef methods[] = {{"probe", probe, METH_NOARGS, NULL}, {NULL, NULL, 0, NULL}};

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "creator", .m_methods = methods};

PyMODINIT_FUNC
PyInit_creator(void)
{
    return PyModuleDef_Init(&definition);
}
