/* :c:func:`PyState_AddModule` ends the process if the module is in the list already.

   The import has put it there. */

#include "probe.h"

static struct PyModuleDef definition;

static PyObject *
probe(PyObject *module, PyObject *Py_UNUSED(ignored))
{
    int status = PyState_AddModule(module, &definition);
    report_works("returns %d", status);
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
