/* :c:func:`PyType_GetModuleState` leads from a heap type to the state of its module.

   It asks for the type itself, such as the defining class of a method.

   :since: 3.9 */

#include "probe.h"

static PyType_Slot type_slots[] = {{0, NULL}};
static PyType_Spec spec = {
    .name = "typed.Heap", .flags = Py_TPFLAGS_DEFAULT, .slots = type_slots};

static PyObject *
probe(PyObject *module, PyObject *Py_UNUSED(ignored))
{
    PyObject *heap = must(PyType_FromModuleAndSpec(module, &spec, NULL));
    void *state = PyType_GetModuleState((PyTypeObject *)heap);
    report_works("%s", state == PyModule_GetState(module) ? "the state" : "not the state");
    Py_DECREF(heap);
    Py_RETURN_NONE;
}

static PyMethodDef methods[] = {{"probe", probe, METH_NOARGS, NULL}, {NULL, NULL, 0, NULL}};

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "typed", .m_size = sizeof(long), .m_methods = methods};

PyMODINIT_FUNC
PyInit_typed(void)
{
    return PyModuleDef_Init(&definition);
}
