/* The first call of :c:func:`PyModuleDef_Init` numbers a definition, later calls keep the number.

   A number of 0 means: none yet. */

#include "probe.h"

static struct PyModuleDef other = {PyModuleDef_HEAD_INIT, .m_name = "other"};

static PyObject *
probe(PyObject *Py_UNUSED(module), PyObject *Py_UNUSED(ignored))
{
    int unnumbered = other.m_base.m_index == 0;
    PyModuleDef_Init(&other);
    Py_ssize_t index = other.m_base.m_index;
    PyModuleDef_Init(&other);

    report_works("%s, then %s, then %s", unnumbered ? "0" : "a number",
                 index > 0 ? "a number" : "0",
                 other.m_base.m_index == index ? "the same" : "another");
    Py_RETURN_NONE;
}

static PyMethodDef methods[] = {{"probe", probe, METH_NOARGS, NULL}, {NULL, NULL, 0, NULL}};

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "numbered", .m_methods = methods};

PyMODINIT_FUNC
PyInit_numbered(void)
{
    return PyModuleDef_Init(&definition);
}
