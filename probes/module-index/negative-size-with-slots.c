/* A multi-phase module cannot have an ``m_size`` of -1. */

#include "probe.h"

static PyModuleDef_Slot no_slots[] = {{0, NULL}};
static struct PyModuleDef negative = {
    PyModuleDef_HEAD_INIT, .m_name = "negative", .m_size = -1, .m_slots = no_slots};

static PyObject *
probe(PyObject *self, PyObject *Py_UNUSED(ignored))
{
    PyModuleDef_Init(&negative);
    PyObject *spec = must(PyObject_GetAttrString(self, "__spec__"));
    PyObject *created = PyModule_FromDefAndSpec(&negative, spec);
    Py_DECREF(spec);
    if (created == NULL) {
        report_exception();
    }
    else {
        report_works("a module");
        Py_DECREF(created);
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
