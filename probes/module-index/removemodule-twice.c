/* :c:func:`PyState_RemoveModule` returns 0 the first time and the second time. */

#include "probe.h"

static struct PyModuleDef definition;

static PyObject *
probe(PyObject *Py_UNUSED(module), PyObject *Py_UNUSED(ignored))
{
    int first = PyState_RemoveModule(&definition);
    int second = PyState_RemoveModule(&definition);
    report_works("%d, then %d; finds %s", first, second,
                 PyState_FindModule(&definition) == NULL ? "NULL" : "a module");
    Py_RETURN_NONE;
}

static PyMethodDef methods[] = {{"probe", probe, METH_NOARGS, NULL}, {NULL, NULL, 0, NULL}};

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "listed", .m_methods = methods};

PyMODINIT_FUNC
PyInit_listed(void)
{
    return PyModule_Create(&definition);
}
