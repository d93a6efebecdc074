/* :c:func:`PyType_GetModuleByToken` finds a module without a definition, by a new reference.

   It starts from a Python subclass of a heap type of the module.

   :since: 3.15 */

#include "probe.h"

static PySlot slots[];

static PyType_Slot type_slots[] = {{0, NULL}};
static PyType_Spec spec = {.name = "hooked.Heap",
                           .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE,
                           .slots = type_slots};

static PyObject *
probe(PyObject *module, PyObject *Py_UNUSED(ignored))
{
    PyObject *heap = must(PyType_FromModuleAndSpec(module, &spec, NULL));
    PyObject *sub = must(PyObject_CallFunction((PyObject *)&PyType_Type, "s(O){}", "Sub", heap));
    Py_ssize_t references = Py_REFCNT(module);
    PyObject *found = must(PyType_GetModuleByToken((PyTypeObject *)sub, slots));
    report_works("%s, %s reference", found == module ? "the module" : "another module",
                 Py_REFCNT(module) == references ? "a borrowed" : "a new");
    Py_DECREF(found);
    Py_DECREF(sub);
    Py_DECREF(heap);
    Py_RETURN_NONE;
}

static PyMethodDef methods[] = {{"probe", probe, METH_NOARGS, NULL}, {NULL, NULL, 0, NULL}};

PyABIInfo_VAR(abi_info);

static PySlot slots[] = {
    PySlot_STATIC_DATA(Py_mod_abi, &abi_info),
    PySlot_STATIC_DATA(Py_mod_methods, methods),
    PySlot_END,
};

PyMODEXPORT_FUNC
PyModExport_hooked(void)
{
    return slots;
}
