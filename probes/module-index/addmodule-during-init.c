/* A ``PyInit_`` function may call :c:func:`PyState_AddModule`, and the import does it again. */

#include "probe.h"

static struct PyModuleDef definition;
static int status;

static PyObject *
probe(PyObject *module, PyObject *Py_UNUSED(ignored))
{
    int found = PyState_FindModule(&definition) == module;
    report_works("returns %d; the import %s", status, found ? "lists it as well" : "drops it");
    Py_RETURN_NONE;
}

static PyMethodDef methods[] = {{"probe", probe, METH_NOARGS, NULL}, {NULL, NULL, 0, NULL}};

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "listed", .m_methods = methods};

PyMODINIT_FUNC
PyInit_listed(void)
{
    PyObject *module = PyModule_Create(&definition);
    status = PyState_AddModule(module, &definition);
    return module;
}
