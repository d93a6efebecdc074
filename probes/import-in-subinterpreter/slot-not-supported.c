/* A module with ``NOT_SUPPORTED`` loads in legacy subinterpreters all the same.

   Only isolated ones refuse it, and only since 3.12, which brought the slot. */

#include "probe.h"

static PyObject *
probe(PyObject *Py_UNUSED(module), PyObject *Py_UNUSED(ignored))
{
    report_imports("unsupported");
    Py_RETURN_NONE;
}

static PyMethodDef methods[] = {{"probe", probe, METH_NOARGS, NULL}, {NULL, NULL, 0, NULL}};

static PyModuleDef_Slot slots[] = {
#if PY_VERSION_HEX >= 0x030C0000
    {Py_mod_multiple_interpreters, Py_MOD_MULTIPLE_INTERPRETERS_NOT_SUPPORTED},
#endif
    {0, NULL},
};

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "unsupported", .m_methods = methods, .m_slots = slots};

PyMODINIT_FUNC
PyInit_unsupported(void)
{
    return PyModuleDef_Init(&definition);
}
