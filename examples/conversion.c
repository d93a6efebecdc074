/* One extension module before and after its conversion for isolated interpreters. CPython 3.11+. */

#include <Python.h>

/* [before] */
static long total;           /* of all objects */
static PyObject *TallyError; /* made by PyInit_tally_before() */

typedef struct {
    PyObject_HEAD
    long count;
} Tally;

static int
before_init(PyObject *self, PyObject *args, PyObject *Py_UNUSED(kwargs))
{
    long start = 0;
    if (!PyArg_ParseTuple(args, "|l:Tally", &start)) {
        return -1;
    }
    if (start < 0) {
        PyErr_SetString(TallyError, "a tally does not begin below zero");
        return -1;
    }
    ((Tally *)self)->count = start;
    return 0;
}

static PyObject *
before_add(PyObject *self, PyObject *Py_UNUSED(ignored))
{
    total++;
    return PyLong_FromLong(++((Tally *)self)->count);
}

static PyMethodDef before_methods[] = {
    {"add", before_add, METH_NOARGS, "Count one more; return the count."},
    {NULL, NULL, 0, NULL},
};

static PyTypeObject Tally_Type = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "tally_before.Tally",
    .tp_basicsize = sizeof(Tally),
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE,
    .tp_new = PyType_GenericNew,
    .tp_init = before_init,
    .tp_methods = before_methods,
};

static PyObject *
before_get_total(PyObject *Py_UNUSED(module), PyObject *Py_UNUSED(ignored))
{
    return PyLong_FromLong(total);
}

static PyMethodDef before_functions[] = {
    {"get_total", before_get_total, METH_NOARGS, "How often all tallies counted."},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef before_definition = {
    PyModuleDef_HEAD_INIT,
    .m_name = "tally_before",
    .m_size = -1,
    .m_methods = before_functions,
};

PyMODINIT_FUNC
PyInit_tally_before(void)
{
    PyObject *module = PyModule_Create(&before_definition);
    if (module == NULL) {
        return NULL;
    }
    TallyError = PyErr_NewException("tally_before.TallyError", NULL, NULL);
    if (TallyError == NULL || PyModule_AddObjectRef(module, "TallyError", TallyError) < 0
        || PyModule_AddType(module, &Tally_Type) < 0) {
        Py_DECREF(module);
        return NULL;
    }
    return module;
}
/* [end] */

/* [state] */
typedef struct {
    long total;
    PyObject *error; /* TallyError */
} tally_state;

static int
state_traverse(PyObject *module, visitproc visit, void *arg)
{
    tally_state *state = PyModule_GetState(module);
    Py_VISIT(state->error);
    return 0;
}

static int
state_clear(PyObject *module)
{
    tally_state *state = PyModule_GetState(module);
    Py_CLEAR(state->error);
    return 0;
}

static void
state_free(void *module)
{
    (void)state_clear(module);
}
/* [end] */

/* [reach] */
static struct PyModuleDef after_definition;

static int
after_init(PyObject *self, PyObject *args, PyObject *Py_UNUSED(kwargs))
{
    long start = 0;
    if (!PyArg_ParseTuple(args, "|l:Tally", &start)) {
        return -1;
    }
    if (start < 0) {
        /* A slot function has no defining class. */
        PyObject *module = PyType_GetModuleByDef(Py_TYPE(self), &after_definition);
        if (module != NULL) {
            tally_state *state = PyModule_GetState(module);
            PyErr_SetString(state->error, "a tally does not begin below zero");
        }
        return -1;
    }
    ((Tally *)self)->count = start;
    return 0;
}

static PyObject *
after_add(PyObject *self, PyTypeObject *defining_class, PyObject *const *Py_UNUSED(args),
          Py_ssize_t nargs, PyObject *names)
{
    if (nargs > 0 || (names != NULL && PyTuple_GET_SIZE(names) > 0)) {
        PyErr_SetString(PyExc_TypeError, "add() takes no arguments");
        return NULL;
    }
    tally_state *state = PyType_GetModuleState(defining_class);
    state->total++;
    return PyLong_FromLong(++((Tally *)self)->count);
}

static PyObject *
after_get_total(PyObject *module, PyObject *Py_UNUSED(ignored))
{
    tally_state *state = PyModule_GetState(module);
    return PyLong_FromLong(state->total);
}
/* [end] */

/* [type] */
static int
tally_traverse(PyObject *self, visitproc visit, void *arg)
{
    Py_VISIT(Py_TYPE(self));
    return 0;
}

static void
tally_dealloc(PyObject *self)
{
    PyTypeObject *type = Py_TYPE(self);
    PyObject_GC_UnTrack(self);
    type->tp_free(self);
    Py_DECREF(type);
}

static PyMethodDef after_methods[] = {
    {"add", (PyCFunction)(void (*)(void))after_add,
     METH_METHOD | METH_FASTCALL | METH_KEYWORDS, "Count one more; return the count."},
    {NULL, NULL, 0, NULL},
};

static PyType_Slot tally_slots[] = {
    {Py_tp_new, PyType_GenericNew},
    {Py_tp_init, after_init},
    {Py_tp_methods, after_methods},
    {Py_tp_traverse, tally_traverse},
    {Py_tp_dealloc, tally_dealloc},
    {0, NULL},
};

static PyType_Spec tally_spec = {
    .name = "tally_after.Tally",
    .basicsize = sizeof(Tally),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE | Py_TPFLAGS_HAVE_GC
             | Py_TPFLAGS_IMMUTABLETYPE,
    .slots = tally_slots,
};
/* [end] */

/* [module] */
static int
after_exec(PyObject *module)
{
    tally_state *state = PyModule_GetState(module);
    state->error = PyErr_NewException("tally_after.TallyError", NULL, NULL);
    if (state->error == NULL || PyModule_AddObjectRef(module, "TallyError", state->error) < 0) {
        return -1;
    }
    PyObject *type = PyType_FromModuleAndSpec(module, &tally_spec, NULL);
    if (type == NULL) {
        return -1;
    }
    int failed = PyModule_AddType(module, (PyTypeObject *)type);
    Py_DECREF(type); /* the module has its own reference */
    return failed;
}

static PyMethodDef after_functions[] = {
    {"get_total", after_get_total, METH_NOARGS, "How often all tallies counted."},
    {NULL, NULL, 0, NULL},
};

static PyModuleDef_Slot after_slots[] = {
    {Py_mod_exec, after_exec},
#if PY_VERSION_HEX >= 0x030C0000
    {Py_mod_multiple_interpreters, Py_MOD_PER_INTERPRETER_GIL_SUPPORTED},
#endif
    {0, NULL},
};

static struct PyModuleDef after_definition = {
    PyModuleDef_HEAD_INIT,
    .m_name = "tally_after",
    .m_size = sizeof(tally_state),
    .m_methods = after_functions,
    .m_slots = after_slots,
    .m_traverse = state_traverse,
    .m_clear = state_clear,
    .m_free = state_free,
};

PyMODINIT_FUNC
PyInit_tally_after(void)
{
    return PyModuleDef_Init(&after_definition);
}
/* [end] */
