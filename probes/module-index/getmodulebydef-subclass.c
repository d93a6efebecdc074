/* :c:func:`PyType_GetModuleByDef` finds the module from a Python subclass of a heap type, too.

   :since: 3.11 */

#include "probe.h"

static struct PyModuleDef definition;

static PyType_Slot type_slots[] = {{0, NULL}};
static PyType_Spec spec = {.name = "typed.Heap",
                           .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE,
                           .slots = type_slots};

static PyObject *
probe(PyObject *module, PyObject *Py_UNUSED(ignored))
{
    PyObject *heap = must(PyType_FromModuleAndSpec(module, &spec, NULL));
    PyObject *sub = must(PyObject_CallFunction((PyObject *)&PyType_Type, "s(O){}", "Sub", heap));
    Py_ssize_t references = Py_REFCNT(module);
    PyObject *found = must(PyType_GetModuleByDef((PyTypeObject *)sub, &definition));
    report_works("%s, %s reference", found == module ? "the module" : "another module",
                 Py_REFCNT(module) == references ? "a borrowed" : "a new");
    Py_DECREF(sub);
    Py_DECREF(heap);
    Py_RETURN_NONE;
}

static PyMethodDef methods[] = {{"probe", probe, METH_NOARGS, NULL}, {NULL, NULL, 0, NULL}};

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "typed", .m_methods = methods};

PyMODINIT_FUNC
PyInit_typed(void)
{
    return PyModuleDef_Init(&definition);
}
