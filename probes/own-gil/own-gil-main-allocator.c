/* An own GIL with the allocator of the main interpreter is accepted, though not allowed.

   These are the values of a legacy interpreter, but for the GIL. Nothing runs in it here.

   :since: 3.12 */

#include "probe.h"

static PyObject *
probe(PyObject *Py_UNUSED(module), PyObject *Py_UNUSED(ignored))
{
    PyThreadState *caller = PyThreadState_Get(), *inside = NULL;

    PyInterpreterConfig config = {
        .use_main_obmalloc = 1,
        .allow_fork = 1,
        .allow_exec = 1,
        .allow_threads = 1,
        .allow_daemon_threads = 1,
        .check_multi_interp_extensions = 0,
        .gil = PyInterpreterConfig_OWN_GIL,
    };
    PyStatus status = Py_NewInterpreterFromConfig(&inside, &config);
    if (PyStatus_Exception(status)) {
        report_raises("PyStatus: %s", status.err_msg);
    }
    else {
        report_works("accepted");
        leave_interpreter(inside, caller);
    }
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
