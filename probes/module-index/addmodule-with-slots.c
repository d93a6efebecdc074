/* :c:func:`PyState_AddModule` refuses a module whose definition has slots. */

#include "probe.h"

static struct PyModuleDef definition;

static PyObject *
probe(PyObject *module, PyObject *Py_UNUSED(ignored))
{
    if (PyState_AddModule(module, &definition) < 0) {
        report_exception();
    }
    else {
        report_works("added");
    }
    Py_RETURN_NONE;
}

static PyMethodDef methods[] = {{"probe", probe, METH_NOARGS, NULL}, {NULL, NULL, 0, NULL}};

static PyModuleDef_Slot no_slots[] = {{0, NULL}};

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "unlisted", .m_methods = methods, .m_slots = no_slots};

PyMODINIT_FUNC
PyInit_unlisted(void)
{
    return PyModuleDef_Init(&definition);
}
