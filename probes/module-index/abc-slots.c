/* ``_abc`` is single-phase in 3.8, multi-phase since 3.9, and has taken up each new slot.

   The slots are read from its definition. */

#include "probe.h"

static const char *
name_of(int slot)
{
    switch (slot) {
    case Py_mod_exec:
        return "exec";
#if PY_VERSION_HEX >= 0x030C0000
    case Py_mod_multiple_interpreters:
        return "multiple_interpreters";
#endif
#if PY_VERSION_HEX >= 0x030D0000
    case Py_mod_gil:
        return "gil";
#endif
#if PY_VERSION_HEX >= 0x030F0000
    case Py_mod_abi:
        return "abi";
#endif
    default:
        return "another";
    }
}

static PyObject *
probe(PyObject *Py_UNUSED(module), PyObject *Py_UNUSED(ignored))
{
    PyObject *abc = must(PyImport_ImportModule("_abc"));
    char seen[200] = "";
    PyModuleDef_Slot *slot = PyModule_GetDef(abc)->m_slots;
    for (; slot != NULL && slot->slot != 0; slot++) {
        strcat(strcat(seen, seen[0] ? ", " : ""), name_of(slot->slot));
    }
    report_works("%s", seen[0] ? seen : "no slots");
    Py_DECREF(abc);
    Py_RETURN_NONE;
}

static PyMethodDef methods[] = {{"probe", probe, METH_NOARGS, NULL}, {NULL, NULL, 0, NULL}};

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "reader", .m_methods = methods};

PyMODINIT_FUNC
PyInit_reader(void)
{
    return PyModuleDef_Init(&definition);
}
