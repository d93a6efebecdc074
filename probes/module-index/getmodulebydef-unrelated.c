/* :c:func:`PyType_GetModuleByDef` raises TypeError if no base class is of the module.

   :since: 3.11 */

#include "probe.h"

static struct PyModuleDef definition;

static PyObject *
probe(PyObject *Py_UNUSED(module), PyObject *Py_UNUSED(ignored))
{
    if (PyType_GetModuleByDef(&PyLong_Type, &definition) == NULL) {
        report_exception();
    }
    else {
        report_works("a module");
    }
    Py_RETURN_NONE;
}

static PyMethodDef methods[] = {{"probe", probe, METH_NOARGS, NULL}, {NULL, NULL, 0, NULL}};

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "typed", .m_methods = methods};

PyMODINIT_FUNC
PyInit_typed(void)
{
    return PyModuleDef_Init(&definition);
}
