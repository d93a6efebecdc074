/* Each interpreter finds its own single-phase module, and none before it has imported it. */

#include "probe.h"

static struct PyModuleDef definition;

static PyObject *
probe(PyObject *module, PyObject *Py_UNUSED(ignored))
{
    PyThreadState *caller = PyThreadState_Get();
    PyThreadState *inside = enter_interpreter(LEGACY);
    PyObject *before = PyState_FindModule(&definition);
    PyObject *copy = must(PyImport_ImportModule("listed"));
    PyObject *after = PyState_FindModule(&definition);
    int own = after == copy && copy != module;
    Py_DECREF(copy);
    leave_interpreter(inside, caller);

    int kept = PyState_FindModule(&definition) == module;
    report_works("%s, then %s; main finds %s", before == NULL ? "NULL" : "a module",
                 own ? "its own" : "another's", kept ? "its own" : "another");
    Py_RETURN_NONE;
}

static PyMethodDef methods[] = {{"probe", probe, METH_NOARGS, NULL}, {NULL, NULL, 0, NULL}};

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "listed", .m_methods = methods};

PyMODINIT_FUNC
PyInit_listed(void)
{
    return PyModule_Create(&definition);
}
