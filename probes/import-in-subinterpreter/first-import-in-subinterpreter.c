/* With an ``m_size`` of -1 a first import in a subinterpreter gives functions of another module.

   Since 3.13 ``PyInit_`` runs in the main interpreter first, and the functions have its module as
   ``self``. Before, they have the new module. */

#include "probe.h"

static PyObject *
probe(PyObject *Py_UNUSED(module), PyObject *Py_UNUSED(ignored))
{
    PyThreadState *caller = PyThreadState_Get();
    PyThreadState *inside = enter_interpreter(LEGACY);
    PyObject *module = must(PyImport_ImportModule("basic"));
    PyObject *self = must(PyObject_CallMethod(module, "get_self", NULL));
    report_works("self is %s", self == module ? "the module" : "another module");
    Py_DECREF(self);
    Py_DECREF(module);
    leave_interpreter(inside, caller);
    Py_RETURN_NONE;
}

static PyMethodDef methods[] = {{"probe", probe, METH_NOARGS, NULL}, {NULL, NULL, 0, NULL}};

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "importer", .m_methods = methods};

PyMODINIT_FUNC
PyInit_importer(void)
{
    return PyModuleDef_Init(&definition);
}

static PyObject *
get_self(PyObject *module, PyObject *Py_UNUSED(ignored))
{
    Py_INCREF(module);
    return module;
}

static PyMethodDef basic_methods[] = {
    {"get_self", get_self, METH_NOARGS, NULL}, {NULL, NULL, 0, NULL}};

static struct PyModuleDef basic = {
    PyModuleDef_HEAD_INIT, .m_name = "basic", .m_size = -1, .m_methods = basic_methods};

PyMODINIT_FUNC
PyInit_basic(void)
{
    return PyModule_Create(&basic);
}
