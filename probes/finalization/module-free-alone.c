/* A module that is in no cycle gets ``m_free`` at exit, but not ``m_clear``. */

#include "probe.h"

static char seen[100];

static int
module_clear(PyObject *Py_UNUSED(module))
{
    strcat(seen, "m_clear, ");
    return 0;
}

static void
module_free(void *module)
{
    strcat(seen, PyModule_GetState(module) == NULL ? "m_free without state" : "m_free with state");
}

static int
execute(PyObject *Py_UNUSED(module))
{
    return 0;
}

static PyModuleDef_Slot slots[] = {{Py_mod_exec, execute}, {0, NULL}};

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "subject", .m_size = sizeof(int), .m_slots = slots,
    .m_clear = module_clear, .m_free = module_free};

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
    PyRun_SimpleString("import subject");
    Py_FinalizeEx();
    report_works("%s", seen);
    return 0;
}
