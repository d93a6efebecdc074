/* An extension module without a PyModuleDef, for CPython 3.15 and later.

   Build: cc -shared -fPIC $(python3-config --includes) export_hook.c -o hooked.so */

#include <Python.h>

/* hook */
static int
hook_exec(PyObject *module)
{
    long *calls = PyModule_GetState(module);
    *calls = 0;
    return 0;
}

static PyObject *
count(PyObject *module, PyObject *Py_UNUSED(args))
{
    long *calls = PyModule_GetState(module);
    return PyLong_FromLong(++*calls);
}

static PyObject *
has_definition(PyObject *module, PyObject *Py_UNUSED(args))
{
    PyModuleDef *def = PyModule_GetDef(module);
    if (def == NULL && PyErr_Occurred()) {
        return NULL;
    }
    return PyBool_FromLong(def != NULL);
}

static PyMethodDef functions[] = {
    {"count", count, METH_NOARGS, NULL},
    {"has_definition", has_definition, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};

PyABIInfo_VAR(abi_info);

static PySlot slots[] = {
    PySlot_STATIC_DATA(Py_mod_abi, &abi_info),
    PySlot_STATIC_DATA(Py_mod_name, "hooked"),
    PySlot_STATIC_DATA(Py_mod_methods, functions),
    PySlot_SIZE(Py_mod_state_size, sizeof(long)),
    PySlot_FUNC(Py_mod_exec, hook_exec),
    PySlot_DATA(Py_mod_multiple_interpreters, Py_MOD_PER_INTERPRETER_GIL_SUPPORTED),
    PySlot_END,
};

PyMODEXPORT_FUNC
PyModExport_hooked(void)
{
    return slots;
}
/* end hook */
