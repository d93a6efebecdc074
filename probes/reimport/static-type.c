/* A second import of a multi-phase module makes a new module, with the same static type. */

#include "probe.h"

static PyTypeObject Static = {
    PyVarObject_HEAD_INIT(NULL, 0).tp_name = "typed.Static", .tp_flags = Py_TPFLAGS_DEFAULT};

static PyObject *
probe(PyObject *module, PyObject *Py_UNUSED(ignored))
{
    PyObject *second = must(import_again("typed"));
    PyObject *type = must(PyObject_GetAttrString(second, "Static"));
    report_works("%s, %s", second == module ? "the same module" : "a new module",
                 type == (PyObject *)&Static ? "the same type" : "a new type");
    Py_DECREF(type);
    Py_DECREF(second);
    Py_RETURN_NONE;
}

static int
execute(PyObject *module)
{
    if (PyType_Ready(&Static) < 0) {
        return -1;
    }
    Py_INCREF(&Static);
    return PyModule_AddObject(module, "Static", (PyObject *)&Static);
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
