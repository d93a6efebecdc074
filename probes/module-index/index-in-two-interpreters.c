/* A definition has the same index in the main interpreter and in a subinterpreter.

   The number stands in the definition, a C variable of the process. An import in a second
   interpreter does not change it. */

#include "probe.h"

static struct PyModuleDef definition;

static PyObject *
probe(PyObject *Py_UNUSED(module), PyObject *Py_UNUSED(ignored))
{
    Py_ssize_t in_main = definition.m_base.m_index;

    PyThreadState *caller = PyThreadState_Get();
    PyThreadState *inside = enter_interpreter(LEGACY);
    PyObject *copy = must(PyImport_ImportModule("indexed"));
    Py_ssize_t in_sub = PyModule_GetDef(copy)->m_base.m_index;
    Py_DECREF(copy);
    leave_interpreter(inside, caller);

    report_works("%s", in_sub == in_main ? "the same index" : "another index");
    Py_RETURN_NONE;
}

static PyMethodDef methods[] = {{"probe", probe, METH_NOARGS, NULL}, {NULL, NULL, 0, NULL}};

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "indexed", .m_methods = methods};

PyMODINIT_FUNC
PyInit_indexed(void)
{
    return PyModule_Create(&definition);
}
