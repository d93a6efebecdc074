/* The import system does not execute the same multi-phase module object a second time.

   Its loader is asked to, as :py:func:`importlib.reload` does. */

#include "probe.h"

static int executed = 0;

static int
execute(PyObject *Py_UNUSED(module))
{
    executed++;
    return 0;
}

static PyObject *
probe(PyObject *module, PyObject *Py_UNUSED(ignored))
{
    PyObject *loader = must(PyObject_GetAttrString(module, "__loader__"));
    Py_DECREF(must(PyObject_CallMethod(loader, "exec_module", "O", module)));
    report_works("executed %d time%s", executed, executed == 1 ? "" : "s");
    Py_DECREF(loader);
    Py_RETURN_NONE;
}

static PyMethodDef methods[] = {{"probe", probe, METH_NOARGS, NULL}, {NULL, NULL, 0, NULL}};
static PyModuleDef_Slot slots[] = {{Py_mod_exec, execute}, {0, NULL}};

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "executed", .m_methods = methods, .m_slots = slots};

PyMODINIT_FUNC
PyInit_executed(void)
{
    return PyModuleDef_Init(&definition);
}
