/* Two extension modules in one shared library, one for each kind of initialization.

   Build: cc -shared -fPIC $(python3-config --includes) module_lookup.c -o lookup_single.so
          cp lookup_single.so lookup_multi.so                                                */

#include <Python.h>

/* state: one block for each module object */
typedef struct {
    long calls;      /* how often count() was called on this module */
    PyObject *thing; /* the type Thing; stays NULL in lookup_single */
} module_state;

static int
state_traverse(PyObject *module, visitproc visit, void *arg)
{
    module_state *state = PyModule_GetState(module);
    if (state != NULL) { /* NULL before the exec phase */
        Py_VISIT(state->thing);
    }
    return 0;
}

static int
state_clear(PyObject *module)
{
    module_state *state = PyModule_GetState(module);
    if (state != NULL) {
        Py_CLEAR(state->thing);
    }
    return 0;
}

static void
state_free(void *module)
{
    (void)state_clear(module);
}
/* end state */

/* functions: of both modules; "self" is the module object */
static PyObject *
count(PyObject *module, PyObject *Py_UNUSED(args))
{
    module_state *state = PyModule_GetState(module);
    return PyLong_FromLong(++state->calls);
}

static PyObject *
get_index(PyObject *module, PyObject *Py_UNUSED(args))
{
    PyModuleDef *def = PyModule_GetDef(module);
    return PyLong_FromSsize_t(def->m_base.m_index);
}

static PyObject *
find(PyObject *module, PyObject *Py_UNUSED(args))
{
    PyObject *found = PyState_FindModule(PyModule_GetDef(module)); /* borrowed */
    if (found == NULL) { /* no exception is set */
        found = Py_None;
    }
    Py_INCREF(found);
    return found;
}

static PyMethodDef functions[] = {
    {"count", count, METH_NOARGS, NULL},
    {"get_index", get_index, METH_NOARGS, NULL},
    {"find", find, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};
/* end functions */

/* single: the init function returns the module */
static struct PyModuleDef single_def = {
    PyModuleDef_HEAD_INIT,
    .m_name = "lookup_single",
    .m_size = sizeof(module_state),
    .m_methods = functions,
};

PyMODINIT_FUNC
PyInit_lookup_single(void)
{
    return PyModule_Create(&single_def);
}
/* end single */

/* multi: the init function returns the definition */
static int multi_exec(PyObject *module);

static PyModuleDef_Slot multi_slots[] = {
    {Py_mod_exec, multi_exec},
#if PY_VERSION_HEX >= 0x030C0000
    {Py_mod_multiple_interpreters, Py_MOD_PER_INTERPRETER_GIL_SUPPORTED},
#endif
    {0, NULL},
};

static struct PyModuleDef multi_def = {
    PyModuleDef_HEAD_INIT,
    .m_name = "lookup_multi",
    .m_size = sizeof(module_state),
    .m_methods = functions,
    .m_slots = multi_slots,
    .m_traverse = state_traverse,
    .m_clear = state_clear,
    .m_free = state_free,
};

PyMODINIT_FUNC
PyInit_lookup_multi(void)
{
    return PyModuleDef_Init(&multi_def);
}
/* end multi */

#if PY_VERSION_HEX >= 0x03090000
/* ways: from an instance of Thing to the module */
static PyObject *
thing_by_type(PyObject *self, PyObject *Py_UNUSED(args))
{
    PyObject *module = PyType_GetModule(Py_TYPE(self)); /* wrong for subclasses */
    Py_XINCREF(module);
    return module;
}

static PyObject *
thing_by_class(PyObject *Py_UNUSED(self), PyTypeObject *defining_class,
               PyObject *const *Py_UNUSED(args), Py_ssize_t Py_UNUSED(nargs),
               PyObject *Py_UNUSED(kwnames))
{
    PyObject *module = PyType_GetModule(defining_class);
    Py_XINCREF(module);
    return module;
}

#if PY_VERSION_HEX >= 0x030B0000
static PyObject *
thing_call(PyObject *self, PyObject *Py_UNUSED(args), PyObject *Py_UNUSED(kwargs))
{
    PyObject *module = PyType_GetModuleByDef(Py_TYPE(self), &multi_def);
    Py_XINCREF(module);
    return module;
}
#endif
/* end ways */

/* type */
static PyMethodDef thing_methods[] = {
    {"by_type", thing_by_type, METH_NOARGS, NULL},
    {"by_class", (PyCFunction)(void (*)(void))thing_by_class,
     METH_METHOD | METH_FASTCALL | METH_KEYWORDS, NULL},
    {NULL, NULL, 0, NULL},
};

/* owner: an instance owns a reference to its type */
static void
thing_dealloc(PyObject *self)
{
    PyTypeObject *type = Py_TYPE(self);
    PyObject_GC_UnTrack(self);
    type->tp_free(self);
    Py_DECREF(type);
}

static int
thing_traverse(PyObject *self, visitproc visit, void *arg)
{
    Py_VISIT(Py_TYPE(self));
    return 0;
}
/* end owner */

static PyType_Slot thing_slots[] = {
    {Py_tp_methods, thing_methods},
    {Py_tp_dealloc, thing_dealloc},
    {Py_tp_traverse, thing_traverse},
#if PY_VERSION_HEX >= 0x030B0000
    {Py_tp_call, thing_call},
#endif
    {0, NULL},
};

static PyType_Spec thing_spec = {
    .name = "lookup_multi.Thing",
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE | Py_TPFLAGS_HAVE_GC,
    .slots = thing_slots,
};

static int
multi_exec(PyObject *module)
{
    module_state *state = PyModule_GetState(module);
    state->thing = PyType_FromModuleAndSpec(module, &thing_spec, NULL);
    if (state->thing == NULL) {
        return -1;
    }
    Py_INCREF(state->thing);
    if (PyModule_AddObject(module, "Thing", state->thing) < 0) {
        Py_DECREF(state->thing);
        return -1;
    }
    return 0;
}
/* end type */
#else
static int
multi_exec(PyObject *Py_UNUSED(module))
{
    return 0; /* 3.8 has no link from a type to its module */
}
#endif
