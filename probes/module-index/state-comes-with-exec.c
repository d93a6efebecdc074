/* The state of a multi-phase module is allocated in the exec phase, all bytes zero.

   Before, :c:func:`PyModule_GetState` gives ``NULL``. */

#include "probe.h"

static int zero;

static int
execute(PyObject *module)
{
    zero = *(long *)PyModule_GetState(module) == 0;
    return 0;
}

static PyModuleDef_Slot slots[] = {{Py_mod_exec, execute}, {0, NULL}};
static struct PyModuleDef tested = {
    PyModuleDef_HEAD_INIT, .m_name = "tested", .m_size = sizeof(long), .m_slots = slots};

static PyObject *
probe(PyObject *self, PyObject *Py_UNUSED(ignored))
{
    PyModuleDef_Init(&tested);
    PyObject *spec = must(PyObject_GetAttrString(self, "__spec__"));
    PyObject *module = must(PyModule_FromDefAndSpec(&tested, spec));
    int early = PyModule_GetState(module) != NULL;
    PyModule_ExecDef(module, &tested);
    report_works("%s, then %s", early ? "an address" : "NULL", zero ? "zeros" : "no zeros");
    Py_DECREF(module);
    Py_DECREF(spec);
    Py_RETURN_NONE;
}

static PyMethodDef methods[] = {{"probe", probe, METH_NOARGS, NULL}, {NULL, NULL, 0, NULL}};

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "stateful", .m_methods = methods};

PyMODINIT_FUNC
PyInit_stateful(void)
{
    return PyModuleDef_Init(&definition);
}
