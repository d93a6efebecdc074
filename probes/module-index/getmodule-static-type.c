/* :c:func:`PyType_GetModule` raises TypeError for a static type.

   :since: 3.9 */

#include "probe.h"

static PyTypeObject Static = {
    PyVarObject_HEAD_INIT(NULL, 0).tp_name = "typed.Static", .tp_flags = Py_TPFLAGS_DEFAULT};

static PyObject *
probe(PyObject *Py_UNUSED(module), PyObject *Py_UNUSED(ignored))
{
    if (PyType_GetModule(&Static) == NULL) {
        report_exception();
    }
    else {
        report_works("a module");
    }
    Py_RETURN_NONE;
}

static int
execute(PyObject *Py_UNUSED(module))
{
    return PyType_Ready(&Static);
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
