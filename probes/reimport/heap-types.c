/* A second import makes new heap types, except in a single-phase module with ``m_size`` -1.

   The three modules differ in nothing else: one has an ``m_size`` of -1, one of 0, and one is
   multi-phase. */

#include "probe.h"

static PyType_Slot type_slots[] = {{0, NULL}};
static PyType_Spec spec = {.name = "Heap", .flags = Py_TPFLAGS_DEFAULT, .slots = type_slots};

static int
add_type(PyObject *module)
{
    return PyModule_AddObject(module, "Heap", must(PyType_FromSpec(&spec)));
}

static const char *
compare(const char *name)
{
    PyObject *first = must(import_again(name));
    PyObject *second = must(import_again(name));
    PyObject *first_type = must(PyObject_GetAttrString(first, "Heap"));
    PyObject *second_type = must(PyObject_GetAttrString(second, "Heap"));
    const char *answer = first_type == second_type ? "the same" : "new";
    Py_DECREF(second_type);
    Py_DECREF(first_type);
    Py_DECREF(second);
    Py_DECREF(first);
    return answer;
}

static PyObject *
probe(PyObject *Py_UNUSED(module), PyObject *Py_UNUSED(ignored))
{
    report_works("-1: %s, 0: %s, multi-phase: %s", compare("basic"), compare("reinit"),
                 compare("multi"));
    Py_RETURN_NONE;
}

static PyMethodDef methods[] = {{"probe", probe, METH_NOARGS, NULL}, {NULL, NULL, 0, NULL}};
static PyModuleDef_Slot slots[] = {{Py_mod_exec, add_type}, {0, NULL}};

static struct PyModuleDef multi = {
    PyModuleDef_HEAD_INIT, .m_name = "multi", .m_methods = methods, .m_slots = slots};
static struct PyModuleDef basic = {PyModuleDef_HEAD_INIT, .m_name = "basic", .m_size = -1};
static struct PyModuleDef reinit = {PyModuleDef_HEAD_INIT, .m_name = "reinit", .m_size = 0};

PyMODINIT_FUNC
PyInit_multi(void)
{
    return PyModuleDef_Init(&multi);
}

PyMODINIT_FUNC
PyInit_basic(void)
{
    PyObject *module = must(PyModule_Create(&basic));
    add_type(module);
    return module;
}

PyMODINIT_FUNC
PyInit_reinit(void)
{
    PyObject *module = must(PyModule_Create(&reinit));
    add_type(module);
    return module;
}
