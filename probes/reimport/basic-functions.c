/* With an ``m_size`` of -1 the functions of a second import have the first module as ``self``. */

#include "probe.h"

static PyObject *
get_self(PyObject *module, PyObject *Py_UNUSED(ignored))
{
    Py_INCREF(module);
    return module;
}

static PyObject *
probe(PyObject *module, PyObject *Py_UNUSED(ignored))
{
    PyObject *second = must(import_again("basic"));
    PyObject *self = must(PyObject_CallMethod(second, "get_self", NULL));
    report_works("%s", self == module ? "the first module" :
                       self == second ? "the new module" : "another module");
    Py_DECREF(self);
    Py_DECREF(second);
    Py_RETURN_NONE;
}

static PyMethodDef methods[] = {
    {"get_self", get_self, METH_NOARGS, NULL},
    {"probe", probe, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "basic", .m_size = -1, .m_methods = methods};

PyMODINIT_FUNC
PyInit_basic(void)
{
    return PyModule_Create(&definition);
}
