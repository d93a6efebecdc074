/* A second import does not give a definition a new index.

   The module is removed from :py:data:`sys.modules` and imported again; its ``PyInit_`` function
   runs a second time. */

#include "probe.h"

static int inits = 0;
static struct PyModuleDef definition;

static PyObject *
probe(PyObject *Py_UNUSED(module), PyObject *Py_UNUSED(ignored))
{
    Py_ssize_t index = definition.m_base.m_index;
    PyObject *copy = must(import_again("indexed"));
    report_works("%s after %d calls of PyInit_",
                 PyModule_GetDef(copy)->m_base.m_index == index ? "the same index" : "a new index",
                 inits);
    Py_DECREF(copy);
    Py_RETURN_NONE;
}

static PyMethodDef methods[] = {{"probe", probe, METH_NOARGS, NULL}, {NULL, NULL, 0, NULL}};

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "indexed", .m_methods = methods};

PyMODINIT_FUNC
PyInit_indexed(void)
{
    inits++;
    return PyModule_Create(&definition);
}
