/* At exit, ``tp_dealloc`` finds the module state or none: it depends on the age of the objects.

   The instance is a global beside a function, so that only the collector frees them, together with
   the type and its module, and it takes the oldest first. Python is started twice: the globals are
   older than the module, then younger.

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

static void
note(const char *what)
{
    size_t length = strlen(seen);
    int is_first = length == 0 || seen[length - 1] == ' ';
    snprintf(seen + length, sizeof(seen) - length, "%s%s", is_first ? "" : ", ", what);
}

static int
module_traverse(PyObject *module, visitproc visit, void *arg)
{
    Py_VISIT(((State *)PyModule_GetState(module))->type);
    return 0;
}

static int
module_clear(PyObject *module)
{
    note("m_clear");
    Py_CLEAR(((State *)PyModule_GetState(module))->type);
    return 0;
}

static void
module_free(void *module)
{
    note("m_free");
    Py_CLEAR(((State *)PyModule_GetState(module))->type);
}

static void
dealloc(PyObject *self)
{
    PyTypeObject *type = Py_TYPE(self);
    State *state = PyType_GetModuleState(type);
    note(state == NULL ? "no state" : state->type == NULL ? "state cleared" : "state intact");
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

/* The collector takes the objects first that have lived through a collection. */
#define GROW_OLD "import gc; gc.collect(); gc.disable()\n"
#define MAKE_GLOBALS "import subject\ndef function(): pass\ninstance = subject.Type()\n"

static void
start_and_end(const char *program)
{
    Py_Initialize();
    if (PyRun_SimpleString(program) < 0) {
        exit(1);
    }
    Py_FinalizeEx();
}

int
main(void)
{
    PyImport_AppendInittab("subject", init);
    start_and_end(GROW_OLD MAKE_GLOBALS);
    strcat(seen, "; ");
    start_and_end("import subject, sys, types\n"
                  GROW_OLD
                  "sys.modules['holder'] = types.ModuleType('holder')\n"
                  "exec('''" MAKE_GLOBALS "''', vars(sys.modules['holder']))\n");
    report_works("%s", seen);
    return 0;
}

#endif
