/* A module with ``PER_INTERPRETER_GIL_SUPPORTED`` loads in every subinterpreter.

   The slot is new in 3.12. */

#include "probe.h"

static PyObject *
probe(PyObject *Py_UNUSED(module), PyObject *Py_UNUSED(ignored))
{
    report_imports("independent");
    Py_RETURN_NONE;
}

static PyMethodDef methods[] = {{"probe", probe, METH_NOARGS, NULL}, {NULL, NULL, 0, NULL}};

static PyModuleDef_Slot slots[] = {
#if PY_VERSION_HEX >= 0x030C0000
    {Py_mod_multiple_interpreters, Py_MOD_PER_INTERPRETER_GIL_SUPPORTED},
#endif
    {0, NULL},
};

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "independent", .m_methods = methods, .m_slots = slots};

PyMODINIT_FUNC
PyInit_independent(void)
{
    return PyModuleDef_Init(&definition);
}
