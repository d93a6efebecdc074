/* :c:func:`PyModule_Create` numbers the definition of a single-phase module. */

#include "probe.h"

static struct PyModuleDef definition;
static Py_ssize_t before, after;

static PyObject *
probe(PyObject *Py_UNUSED(module), PyObject *Py_UNUSED(ignored))
{
    report_works("%s, then %s", before == 0 ? "0" : "a number", after > 0 ? "a number" : "0");
    Py_RETURN_NONE;
}

static PyMethodDef methods[] = {{"probe", probe, METH_NOARGS, NULL}, {NULL, NULL, 0, NULL}};

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "created", .m_methods = methods};

PyMODINIT_FUNC
PyInit_created(void)
{
    before = definition.m_base.m_index;
    PyObject *module = PyModule_Create(&definition);
    after = definition.m_base.m_index;
    return module;
}
