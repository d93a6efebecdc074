/* isolated.run(source): run the text in a new interpreter that has its own GIL. CPython 3.12+. */
#include <Python.h>

static PyObject *
run(PyObject *Py_UNUSED(module), PyObject *args)
{
    const char *source;
    if (!PyArg_ParseTuple(args, "s", &source)) {
        return NULL;
    }
    PyThreadState *caller = PyThreadState_Get();

    /* [config] */
    PyInterpreterConfig config = {
        .use_main_obmalloc = 0,
        .allow_fork = 0,
        .allow_exec = 0,
        .allow_threads = 1,
        .allow_daemon_threads = 0,
        .check_multi_interp_extensions = 1,
        .gil = PyInterpreterConfig_OWN_GIL,
    };
    PyThreadState *inside = NULL;
    PyStatus status = Py_NewInterpreterFromConfig(&inside, &config);
    if (PyStatus_Exception(status)) {
        PyErr_SetString(PyExc_RuntimeError, status.err_msg);
        return NULL;
    }
    /* The new thread state is attached: this thread holds the new GIL, not the caller's. */
    int failed = PyRun_SimpleString(source);
    Py_EndInterpreter(inside);
    /* No thread state is attached now. */
    PyThreadState_Swap(caller);
    /* [end] */

    return PyBool_FromLong(!failed);
}

static PyMethodDef methods[] = {{"run", run, METH_VARARGS, NULL}, {NULL, NULL, 0, NULL}};

static PyModuleDef_Slot slots[] = {
    {Py_mod_multiple_interpreters, Py_MOD_PER_INTERPRETER_GIL_SUPPORTED},
    {0, NULL},
};

static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT,
    .m_name = "isolated",
    .m_methods = methods,
    .m_slots = slots,
};

PyMODINIT_FUNC
PyInit_isolated(void)
{
    return PyModuleDef_Init(&definition);
}
