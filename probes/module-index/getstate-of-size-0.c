/* With an ``m_size`` of 0 :c:func:`PyModule_GetState` gives an address after the import.

   It is that of a block of size 0. A single-phase module does not have it yet in ``PyInit_``. */

#include "probe.h"

static void *during_init;

static PyObject *
probe(PyObject *module, PyObject *Py_UNUSED(ignored))
{
    report_works("%s in PyInit_, %s after the import",
                 during_init == NULL ? "NULL" : "an address",
                 PyModule_GetState(module) == NULL ? "NULL" : "an address");
    Py_RETURN_NONE;
}

static PyMethodDef methods[] = {{"probe", probe, METH_NOARGS, NULL}, {NULL, NULL, 0, NULL}};

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "empty", .m_size = 0, .m_methods = methods};

PyMODINIT_FUNC
PyInit_empty(void)
{
    PyObject *module = PyModule_Create(&definition);
    during_init = PyModule_GetState(module);
    return module;
}
