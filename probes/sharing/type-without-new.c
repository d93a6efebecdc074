/* A heap type without ``tp_new`` can be called, a static one cannot.

   The heap type inherits the function of ``object``; a static type whose base is ``object`` does not.
*/

#include "probe.h"

static PyTypeObject fixed = {
    PyVarObject_HEAD_INIT(NULL, 0).tp_name = "kinds.Fixed",
    .tp_basicsize = sizeof(PyObject),
    .tp_flags = Py_TPFLAGS_DEFAULT,
};

static PyType_Slot slots[] = {{0, NULL}};
static PyType_Spec spec = {"kinds.Made", sizeof(PyObject), 0, Py_TPFLAGS_DEFAULT, slots};

static const char *
answer(PyObject *type)
{
    PyObject *instance = PyObject_CallObject(type, NULL);
    if (instance == NULL) {
        PyErr_Clear();
        return "TypeError";
    }
    Py_DECREF(instance);
    return "an instance";
}

static PyObject *
probe(PyObject *Py_UNUSED(module), PyObject *Py_UNUSED(ignored))
{
    if (PyType_Ready(&fixed) < 0) {
        return NULL;
    }
    PyObject *made = must(PyType_FromSpec(&spec));
    report_works("static: %s, heap: %s", answer((PyObject *)&fixed), answer(made));
    Py_DECREF(made);
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
