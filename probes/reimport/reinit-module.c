/* With an ``m_size`` of 0 or more a second import calls ``PyInit_`` again.

   Its functions have the new module as ``self``. */

#include "probe.h"

static int inits = 0;

static PyObject *
get_self(PyObject *module, PyObject *Py_UNUSED(ignored))
{
    Py_INCREF(module);
    return module;
}

static PyObject *
probe(PyObject *module, PyObject *Py_UNUSED(ignored))
{
    PyObject *second = must(import_again("reinit"));
    PyObject *self = must(PyObject_CallMethod(second, "get_self", NULL));
    report_works("%s, PyInit_ called %s, self is %s",
                 second == module ? "the same module" : "a new module",
                 inits == 1 ? "once" : "again", self == second ? "new" : "old");
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
    PyModuleDef_HEAD_INIT, .m_name = "reinit", .m_size = 0, .m_methods = methods};

PyMODINIT_FUNC
PyInit_reinit(void)
{
    inits++;
    return PyModule_Create(&definition);
}
