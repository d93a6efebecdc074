/* A type whose tp_dealloc needs nothing but its own instance. */

#define PY_SSIZE_T_CLEAN
#include <Python.h>

typedef struct {
    PyObject_HEAD
    PyObject *value;
} Item;

static PyObject *
item_new(PyTypeObject *type, PyObject *args, PyObject *Py_UNUSED(kwargs))
{
    PyObject *value;
    if (!PyArg_ParseTuple(args, "O:Item", &value)) {
        return NULL;
    }
    Item *self = (Item *)type->tp_alloc(type, 0);
    if (self != NULL) {
        Py_INCREF(value);
        self->value = value;
    }
    return (PyObject *)self;
}

static int
item_traverse(PyObject *self, visitproc visit, void *arg)
{
#if PY_VERSION_HEX >= 0x03090000
    Py_VISIT(Py_TYPE(self));
#endif
    Py_VISIT(((Item *)self)->value);
    return 0;
}

static int
item_clear(PyObject *self)
{
    Py_CLEAR(((Item *)self)->value);
    return 0;
}

/* [dealloc] */
static void
item_dealloc(PyObject *self)
{
    PyTypeObject *type = Py_TYPE(self);
    PyObject_GC_UnTrack(self);
    Py_CLEAR(((Item *)self)->value);  /* own reference, not one from the state */
    type->tp_free(self);
    Py_DECREF(type);
}
/* [end] */

static PyType_Slot item_slots[] = {
    {Py_tp_new, item_new},
    {Py_tp_traverse, item_traverse},
    {Py_tp_clear, item_clear},
    {Py_tp_dealloc, item_dealloc},
    {0, NULL},
};

static PyType_Spec item_spec = {
    .name = "items.Item",
    .basicsize = sizeof(Item),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC,
    .slots = item_slots,
};

static int
items_exec(PyObject *module)
{
    PyObject *type = PyType_FromSpec(&item_spec);
    if (type == NULL) {
        return -1;
    }
    if (PyModule_AddObject(module, "Item", type) < 0) {
        Py_DECREF(type);
        return -1;
    }
    return 0;
}

static PyModuleDef_Slot items_slots[] = {
    {Py_mod_exec, items_exec},
/* [slots] */
#ifdef Py_mod_multiple_interpreters /* 3.12 */
    {Py_mod_multiple_interpreters, Py_MOD_PER_INTERPRETER_GIL_SUPPORTED},
#endif
#ifdef Py_mod_gil /* 3.13 */
    {Py_mod_gil, Py_MOD_GIL_NOT_USED},
#endif
/* [end] */
    {0, NULL},
};

static struct PyModuleDef items_definition = {
    PyModuleDef_HEAD_INIT,
    .m_name = "items",
    .m_slots = items_slots,
};

PyMODINIT_FUNC
PyInit_items(void)
{
    return PyModuleDef_Init(&items_definition);
}
