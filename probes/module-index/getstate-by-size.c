/* :c:func:`PyModule_GetState` gives ``NULL`` if ``m_size`` is -1, and an address above 0.

   Both modules are single-phase. */

#include "probe.h"

static const char *
state_of_new_module(struct PyModuleDef *definition)
{
    PyObject *module = must(PyModule_Create(definition));
    const char *state = PyModule_GetState(module) == NULL ? "NULL" : "an address";
    Py_DECREF(module);
    return state;
}

static struct PyModuleDef none = {PyModuleDef_HEAD_INIT, .m_name = "none", .m_size = -1};
static struct PyModuleDef eight = {PyModuleDef_HEAD_INIT, .m_name = "eight", .m_size = 8};

static PyObject *
probe(PyObject *Py_UNUSED(module), PyObject *Py_UNUSED(ignored))
{
    report_works("-1: %s, 8: %s", state_of_new_module(&none), state_of_new_module(&eight));
    Py_RETURN_NONE;
}

static PyMethodDef methods[] = {{"probe", probe, METH_NOARGS, NULL}, {NULL, NULL, 0, NULL}};

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "sized", .m_methods = methods};

PyMODINIT_FUNC
PyInit_sized(void)
{
    return PyModule_Create(&definition);
}
