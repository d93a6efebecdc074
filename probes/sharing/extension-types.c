/* A static type of an extension module is shared by all interpreters, a heap type is not. */

#include "probe.h"

static PyTypeObject Static = {
    PyVarObject_HEAD_INIT(NULL, 0).tp_name = "typed.Static", .tp_flags = Py_TPFLAGS_DEFAULT};

static PyType_Slot type_slots[] = {{0, NULL}};
static PyType_Spec spec = {.name = "typed.Heap", .flags = Py_TPFLAGS_DEFAULT, .slots = type_slots};

static int
execute(PyObject *module)
{
    if (PyType_Ready(&Static) < 0) {
        return -1;
    }
    Py_INCREF(&Static);
    PyModule_AddObject(module, "Static", (PyObject *)&Static);
    return PyModule_AddObject(module, "Heap", PyType_FromSpec(&spec));
}

static PyObject *
probe(PyObject *module, PyObject *Py_UNUSED(ignored))
{
    PyObject *types = PyModule_GetDict(module);

    PyThreadState *caller = PyThreadState_Get();
    PyThreadState *inside = enter_interpreter(LEGACY);
    PyObject *copy = must(PyImport_ImportModule("typed"));
    PyObject *others = PyModule_GetDict(copy);
    int same_static = PyDict_GetItemString(others, "Static") == (PyObject *)&Static;
    PyObject *heap = PyDict_GetItemString(others, "Heap");
    Py_DECREF(copy);
    leave_interpreter(inside, caller);

    report_works("static: %s, heap: %s", same_static ? "shared" : "own in each",
                 heap == PyDict_GetItemString(types, "Heap") ? "shared" : "own in each");
    Py_RETURN_NONE;
}

static PyMethodDef methods[] = {{"probe", probe, METH_NOARGS, NULL}, {NULL, NULL, 0, NULL}};
static PyModuleDef_Slot slots[] = {{Py_mod_exec, execute}, {0, NULL}};

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "typed", .m_methods = methods, .m_slots = slots};

PyMODINIT_FUNC
PyInit_typed(void)
{
    return PyModuleDef_Init(&definition);
}
