/* ``PyInit_`` runs in the main interpreter since 3.13, also if a subinterpreter imports.

   For a multi-phase module, too: which kind it is, is not known before. */

#include "probe.h"

static PyObject *
probe(PyObject *Py_UNUSED(module), PyObject *Py_UNUSED(ignored))
{
    PyThreadState *caller = PyThreadState_Get();
    PyThreadState *inside = enter_interpreter(LEGACY);
    PyObject *module = must(PyImport_ImportModule("multi"));
    PyObject *in_main = must(PyObject_GetAttrString(module, "init_in_main"));
    report_works("in %s", in_main == Py_True ? "the main interpreter" : "the subinterpreter");
    Py_DECREF(in_main);
    Py_DECREF(module);
    leave_interpreter(inside, caller);
    Py_RETURN_NONE;
}

static PyMethodDef methods[] = {{"probe", probe, METH_NOARGS, NULL}, {NULL, NULL, 0, NULL}};

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "importer", .m_methods = methods};

PyMODINIT_FUNC
PyInit_importer(void)
{
    return PyModuleDef_Init(&definition);
}

static int init_in_main;

static int
execute(PyObject *module)
{
    return PyModule_AddObject(module, "init_in_main", PyBool_FromLong(init_in_main));
}

static PyModuleDef_Slot slots[] = {{Py_mod_exec, execute}, {0, NULL}};
static struct PyModuleDef multi = {
    PyModuleDef_HEAD_INIT, .m_name = "multi", .m_slots = slots};

PyMODINIT_FUNC
PyInit_multi(void)
{
    init_in_main = PyThreadState_Get()->interp == PyInterpreterState_Main();
    return PyModuleDef_Init(&multi);
}
