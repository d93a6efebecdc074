/* A single-phase module loads in legacy subinterpreters only, since 3.12.

   Before, nothing was checked. The main interpreter has imported the module already. */

#include "probe.h"

static PyObject *
probe(PyObject *Py_UNUSED(module), PyObject *Py_UNUSED(ignored))
{
    report_imports("single");
    Py_RETURN_NONE;
}

static PyMethodDef methods[] = {{"probe", probe, METH_NOARGS, NULL}, {NULL, NULL, 0, NULL}};

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "single", .m_methods = methods};

PyMODINIT_FUNC
PyInit_single(void)
{
    return PyModule_Create(&definition);
}
