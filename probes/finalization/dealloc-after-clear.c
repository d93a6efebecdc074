/* At exit, ``tp_dealloc`` finds the module state intact up to 3.13, and cleared from 3.14 on.

   The instance is a global of ``__main__``, which has a function, so that only the collector frees
   them. It clears the type's module before the instance, or after it.

   :since: 3.9
*/

#include "probe.h"

#if PY_VERSION_HEX < 0x03090000

int
main(void)
{
    report_absent("no PyType_FromModuleAndSpec");
    return 0;
}

#else

typedef struct {
    PyObject *type;
} State;

static char seen[200];

static int
module_traverse(PyObject *module, visitproc visit, void *arg)
{
    Py_VISIT(((State *)PyModule_GetState(module))->type);
    return 0;
}

static int
module_clear(PyObject *module)
{
    strcat(seen, "m_clear, ");
    Py_CLEAR(((State *)PyModule_GetState(module))->type);
    return 0;
}

static void
module_free(void *module)
{
    strcat(seen, "m_free");
    Py_CLEAR(((State *)PyModule_GetState(module))->type);
}

static void
dealloc(PyObject *self)
{
    PyTypeObject *type = Py_TYPE(self);
    State *state = PyType_GetModuleState(type);
    strcat(seen, state == NULL ? "dealloc without state, "
           : state->type == NULL ? "dealloc: state cleared, " : "dealloc: state intact, ");
    PyErr_Clear();
    PyObject_GC_UnTrack(self);
    type->tp_free(self);
    Py_DECREF(type);
}

static int
traverse(PyObject *self, visitproc visit, void *arg)
{
    Py_VISIT(Py_TYPE(self));
    return 0;
}

static PyType_Slot type_slots[] = {{Py_tp_dealloc, dealloc}, {Py_tp_traverse, traverse}, {0, NULL}};
static PyType_Spec spec = {
    .name = "subject.Type", .basicsize = sizeof(PyObject),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC, .slots = type_slots};

static int
execute(PyObject *module)
{
    PyObject *type = must(PyType_FromModuleAndSpec(module, &spec, NULL));
    ((State *)PyModule_GetState(module))->type = type;
    Py_INCREF(type);
    return PyModule_AddObject(module, "Type", type);
}

static PyModuleDef_Slot slots[] = {{Py_mod_exec, execute}, {0, NULL}};

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "subject", .m_size = sizeof(State), .m_slots = slots,
    .m_traverse = module_traverse, .m_clear = module_clear, .m_free = module_free};

static PyObject *
init(void)
{
    return PyModuleDef_Init(&definition);
}

int
main(void)
{
    PyImport_AppendInittab("subject", init);
    Py_Initialize();
    PyRun_SimpleString("import subject\n"
                       "def function(): pass\n"
                       "instance = subject.Type()\n");
    Py_FinalizeEx();
    report_works("%s", seen);
    return 0;
}

#endif
