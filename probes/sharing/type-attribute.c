/* Python code can set an attribute on a heap type that is not immutable, and on no static type. */

#include "probe.h"

static PyTypeObject fixed = {
    PyVarObject_HEAD_INIT(NULL, 0).tp_name = "kinds.Fixed",
    .tp_basicsize = sizeof(PyObject),
    .tp_flags = Py_TPFLAGS_DEFAULT,
};

#ifndef Py_TPFLAGS_IMMUTABLETYPE
#define Py_TPFLAGS_IMMUTABLETYPE 0
#endif

static PyType_Slot slots[] = {{0, NULL}};
static PyType_Spec open_spec = {"kinds.Open", sizeof(PyObject), 0, Py_TPFLAGS_DEFAULT, slots};
static PyType_Spec shut_spec = {
    "kinds.Shut", sizeof(PyObject), 0, Py_TPFLAGS_DEFAULT | Py_TPFLAGS_IMMUTABLETYPE, slots};

static const char *
answer(PyObject *type)
{
    int done = PyObject_SetAttrString(type, "extra", Py_None);
    PyErr_Clear();
    return done < 0 ? "no" : "yes";
}

static PyObject *
probe(PyObject *Py_UNUSED(module), PyObject *Py_UNUSED(ignored))
{
    if (PyType_Ready(&fixed) < 0) {
        return NULL;
    }
    report_works("static: %s, heap: %s, with the flag: %s", answer((PyObject *)&fixed),
                 answer(must(PyType_FromSpec(&open_spec))),
                 Py_TPFLAGS_IMMUTABLETYPE ? answer(must(PyType_FromSpec(&shut_spec))) : "no flag");
    Py_RETURN_NONE;
}

static PyMethodDef methods[] = {{"probe", probe, METH_NOARGS, NULL}, {NULL, NULL, 0, NULL}};

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "kinds", .m_methods = methods};

PyMODINIT_FUNC
PyInit_kinds(void)
{
    return PyModuleDef_Init(&definition);
}
