/* :c:func:`PyModule_Create` refuses a definition with slots. */

#include "probe.h"

static PyModuleDef_Slot no_slots[] = {{0, NULL}};
static struct PyModuleDef slotted = {
    PyModuleDef_HEAD_INIT, .m_name = "slotted", .m_slots = no_slots};

static PyObject *
probe(PyObject *Py_UNUSED(module), PyObject *Py_UNUSED(ignored))
{
    PyObject *created = PyModule_Create(&slotted);
    if (created == NULL) {
        report_exception();
    }
    else {
        report_works("a module");
        Py_DECREF(created);
    }
    Py_RETURN_NONE;
}

static PyMethodDef methods[] = {{"probe", probe, METH_NOARGS, NULL}, {NULL, NULL, 0, NULL}};

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "creator", .m_methods = methods};

PyMODINIT_FUNC
PyInit_creator(void)
{
    return PyModuleDef_Init(&definition);
}
