/* With an ``m_size`` of -1 a second import makes a new module, but does not call ``PyInit_``.

   The new module is filled from a copy of the first one's dictionary. */

#include "probe.h"

static int inits = 0;

static PyObject *
probe(PyObject *module, PyObject *Py_UNUSED(ignored))
{
    PyObject *second = must(import_again("basic"));
    report_works("%s, PyInit_ called %s", second == module ? "the same module" : "a new module",
                 inits == 1 ? "once" : "again");
    Py_DECREF(second);
    Py_RETURN_NONE;
}

static PyMethodDef methods[] = {{"probe", probe, METH_NOARGS, NULL}, {NULL, NULL, 0, NULL}};

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "basic", .m_size = -1, .m_methods = methods};

PyMODINIT_FUNC
PyInit_basic(void)
{
    inits++;
    return PyModule_Create(&definition);
}
