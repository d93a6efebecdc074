/* :c:func:`PyState_FindModule` finds a single-phase module, by a borrowed reference. */

#include "probe.h"

static struct PyModuleDef definition;

static PyObject *
probe(PyObject *module, PyObject *Py_UNUSED(ignored))
{
    Py_ssize_t references = Py_REFCNT(module);
    PyObject *found = PyState_FindModule(&definition);
    report_works("%s, %s reference", found == module ? "the module" : "not the module",
                 Py_REFCNT(module) == references ? "a borrowed" : "a new");
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
