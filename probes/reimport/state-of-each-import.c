/* Each import of a module has a state of its own.

   The first module counts to 2, the second to 1. */

#include "probe.h"

static PyObject *
count(PyObject *module, PyObject *Py_UNUSED(ignored))
{
    long *calls = PyModule_GetState(module);
    return PyLong_FromLong(++*calls);
}

static PyObject *
probe(PyObject *first, PyObject *Py_UNUSED(ignored))
{
    PyObject *second = must(import_again("counter"));
    Py_DECREF(must(PyObject_CallMethod(first, "count", NULL)));
    Py_DECREF(must(PyObject_CallMethod(first, "count", NULL)));
    Py_DECREF(must(PyObject_CallMethod(second, "count", NULL)));
    long *first_state = PyModule_GetState(first), *second_state = PyModule_GetState(second);
    report_works("the first counts %ld, the second %ld", *first_state, *second_state);
    Py_DECREF(second);
    Py_RETURN_NONE;
}

static PyMethodDef methods[] = {
    {"count", count, METH_NOARGS, NULL},
    {"probe", probe, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};

static PyModuleDef_Slot no_slots[] = {{0, NULL}};

static struct PyModuleDef definition = {PyModuleDef_HEAD_INIT, .m_name = "counter",
                                        .m_size = sizeof(long), .m_methods = methods,
                                        .m_slots = no_slots};

PyMODINIT_FUNC
PyInit_counter(void)
{
    return PyModuleDef_Init(&definition);
}
