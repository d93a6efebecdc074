/* The token of a heap type finds the type that another import of the module has made.

   The module is imported twice. With the token, the function of the first import finds its base in
   a subclass of the type of the second, and none in ``int``.

   :since: 3.14 */

#include "probe.h"

static PyType_Slot type_slots[] = {{Py_tp_token, Py_TP_USE_SPEC}, {0, NULL}};
static PyType_Spec spec = {.name = "marked.Heap",
                           .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE,
                           .slots = type_slots};

static int
add_heap_type(PyObject *module)
{
    PyObject *heap = must(PyType_FromModuleAndSpec(module, &spec, NULL));
    return PyModule_Add(module, "Heap", heap);
}

static PyObject *
probe(PyObject *module, PyObject *Py_UNUSED(ignored))
{
    PyObject *copy = must(import_again("marked"));
    PyObject *mine = must(PyObject_GetAttrString(module, "Heap"));
    PyObject *other = must(PyObject_GetAttrString(copy, "Heap"));
    PyObject *sub = must(PyObject_CallFunction((PyObject *)&PyType_Type, "s(O){}", "Sub", other));
    PyTypeObject *base = NULL;
    int found = PyType_GetBaseByToken((PyTypeObject *)sub, &spec, &base);
    report_works("%s, subclass: %d, %s; int: %d", mine == other ? "one type" : "two types", found,
                 (PyObject *)base == other ? "the other type" : "something else",
                 PyType_GetBaseByToken(&PyLong_Type, &spec, NULL));
    Py_XDECREF(base);
    Py_DECREF(sub);
    Py_DECREF(other);
    Py_DECREF(mine);
    Py_DECREF(copy);
    Py_RETURN_NONE;
}

static PyMethodDef methods[] = {{"probe", probe, METH_NOARGS, NULL}, {NULL, NULL, 0, NULL}};

static PyModuleDef_Slot slots[] = {{Py_mod_exec, add_heap_type}, {0, NULL}};

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "marked", .m_methods = methods, .m_slots = slots};

PyMODINIT_FUNC
PyInit_marked(void)
{
    return PyModuleDef_Init(&definition);
}
