/* A second interpreter calls ``PyInit_`` of a single-phase module, unless ``m_size`` is -1.

   The main interpreter has imported both modules. */

#include "probe.h"

static int inits = 0;

static PyObject *
count_inits(PyObject *Py_UNUSED(module), PyObject *Py_UNUSED(ignored))
{
    return PyLong_FromLong(inits);
}

/* How often PyInit_ of a module was called by an import in a second interpreter. */
static long
inits_by_second(const char *name)
{
    PyObject *module = must(PyImport_ImportModule(name));
    PyObject *before = must(PyObject_CallMethod(module, "count_inits", NULL));
    PyThreadState *caller = PyThreadState_Get();
    PyThreadState *inside = enter_interpreter(LEGACY);
    Py_DECREF(must(PyImport_ImportModule(name)));
    leave_interpreter(inside, caller);
    PyObject *after = must(PyObject_CallMethod(module, "count_inits", NULL));
    long difference = PyLong_AsLong(after) - PyLong_AsLong(before);
    Py_DECREF(after);
    Py_DECREF(before);
    Py_DECREF(module);
    return difference;
}

static PyObject *
probe(PyObject *Py_UNUSED(module), PyObject *Py_UNUSED(ignored))
{
    report_works("m_size 0: %s, -1: %s", inits_by_second("zero") ? "called" : "not called",
                 inits_by_second("minus") ? "called" : "not called");
    Py_RETURN_NONE;
}

static PyMethodDef methods[] = {
    {"count_inits", count_inits, METH_NOARGS, NULL},
    {"probe", probe, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef zero = {
    PyModuleDef_HEAD_INIT, .m_name = "zero", .m_size = 0, .m_methods = methods};

static struct PyModuleDef minus = {
    PyModuleDef_HEAD_INIT, .m_name = "minus", .m_size = -1, .m_methods = methods};

PyMODINIT_FUNC
PyInit_zero(void)
{
    inits++;
    return PyModule_Create(&zero);
}

PyMODINIT_FUNC
PyInit_minus(void)
{
    inits++;
    return PyModule_Create(&minus);
}
