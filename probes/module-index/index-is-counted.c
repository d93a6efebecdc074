/* Each definition gets the next number, whatever its kind, also from another interpreter.

   Three definitions are numbered one after the other: one without slots and one with slots in the
   main interpreter, and a third one in a subinterpreter. */

#include "probe.h"

static PyModuleDef_Slot no_slots[] = {{0, NULL}};
static struct PyModuleDef without = {PyModuleDef_HEAD_INIT, .m_name = "without"};
static struct PyModuleDef with = {PyModuleDef_HEAD_INIT, .m_name = "with", .m_slots = no_slots};
static struct PyModuleDef third = {PyModuleDef_HEAD_INIT, .m_name = "third"};

static PyObject *
probe(PyObject *Py_UNUSED(module), PyObject *Py_UNUSED(ignored))
{
    PyThreadState *caller = PyThreadState_Get();
    PyThreadState *inside = enter_interpreter(LEGACY); /* its start-up may number others */
    PyThreadState_Swap(caller);

    PyModuleDef_Init(&without);
    PyModuleDef_Init(&with);
    PyThreadState_Swap(inside);
    PyModuleDef_Init(&third);
    leave_interpreter(inside, caller);

    Py_ssize_t first = without.m_base.m_index;
    report_works("n, n + %zd, n + %zd", with.m_base.m_index - first,
                 third.m_base.m_index - first);
    Py_RETURN_NONE;
}

static PyMethodDef methods[] = {{"probe", probe, METH_NOARGS, NULL}, {NULL, NULL, 0, NULL}};

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "counted", .m_methods = methods};

PyMODINIT_FUNC
PyInit_counted(void)
{
    return PyModuleDef_Init(&definition);
}
