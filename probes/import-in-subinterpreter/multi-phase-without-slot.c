/* A multi-phase module without ``Py_mod_multiple_interpreters`` does not load beside an own GIL.

   In an isolated subinterpreter with the shared GIL it does. */

#include "probe.h"

static PyObject *
probe(PyObject *Py_UNUSED(module), PyObject *Py_UNUSED(ignored))
{
    report_imports("silent");
    Py_RETURN_NONE;
}

static PyMethodDef methods[] = {{"probe", probe, METH_NOARGS, NULL}, {NULL, NULL, 0, NULL}};

static PyModuleDef_Slot no_slots[] = {{0, NULL}};

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "silent", .m_methods = methods, .m_slots = no_slots};

PyMODINIT_FUNC
PyInit_silent(void)
{
    return PyModuleDef_Init(&definition);
}
