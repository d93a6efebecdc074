/* :c:func:`PyState_FindModule` gives ``NULL`` for a multi-phase module, and sets no exception. */

#include "probe.h"

static struct PyModuleDef definition;

static PyObject *
probe(PyObject *Py_UNUSED(module), PyObject *Py_UNUSED(ignored))
{
    PyObject *found = PyState_FindModule(&definition);
    report_works("%s, %s", found == NULL ? "NULL" : "a module",
                 PyErr_Occurred() ? "an exception" : "no exception");
    PyErr_Clear();
    Py_RETURN_NONE;
}

static PyMethodDef methods[] = {{"probe", probe, METH_NOARGS, NULL}, {NULL, NULL, 0, NULL}};

static PyModuleDef_Slot no_slots[] = {{0, NULL}};

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "unlisted", .m_methods = methods, .m_slots = no_slots};

PyMODINIT_FUNC
PyInit_unlisted(void)
{
    return PyModuleDef_Init(&definition);
}
