/* :c:func:`PyState_AddModule` replaces another module of the same definition without a word. */

#include "probe.h"

static struct PyModuleDef definition;

static PyObject *
probe(PyObject *module, PyObject *Py_UNUSED(ignored))
{
    PyObject *second = must(PyModule_Create(&definition));
    int status = PyState_AddModule(second, &definition);
    PyObject *found = PyState_FindModule(&definition);
    report_works("returns %d, finds %s", status,
                 found == second ? "the second" : found == module ? "the first" : "neither");
    Py_DECREF(second);
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
