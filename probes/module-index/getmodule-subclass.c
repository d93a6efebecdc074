/* :c:func:`PyType_GetModule` gives the module of a heap type, but raises for its subclasses.

   The subclass is made in Python, as by a user of the module.

   :since: 3.9 */

#include "probe.h"

static PyType_Slot type_slots[] = {{0, NULL}};
static PyType_Spec spec = {.name = "typed.Heap",
                           .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE,
                           .slots = type_slots};

static PyObject *
probe(PyObject *module, PyObject *Py_UNUSED(ignored))
{
    PyObject *heap = must(PyType_FromModuleAndSpec(module, &spec, NULL));
    PyObject *sub = must(PyObject_CallFunction((PyObject *)&PyType_Type, "s(O){}", "Sub", heap));
    if (PyType_GetModule((PyTypeObject *)heap) != module) {
        report_works("not even for the type itself");
    }
    else if (PyType_GetModule((PyTypeObject *)sub) == NULL) {
        report_exception();
    }
    else {
        report_works("a module");
    }
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
