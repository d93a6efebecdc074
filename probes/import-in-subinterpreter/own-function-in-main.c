/* A module that the program provides by a function of its own; ``CreateModuleFromInitfunc``, 3.15. */

#include "probe.h"

#if PY_VERSION_HEX < 0x030F0000

int
main(void)
{
    report_absent("no PyImport_CreateModuleFromInitfunc()");
    return 0;
}

#else

static struct PyModuleDef provided = {PyModuleDef_HEAD_INIT, .m_name = "provided"};

static PyObject *
init_provided(void)
{
    return PyModuleDef_Init(&provided);
}

int
main(void)
{
    Py_Initialize();
    PyObject *globals = PyModule_GetDict(PyImport_AddModule("__main__"));
    PyRun_SimpleString("from importlib.machinery import ModuleSpec\n"
                       "spec = ModuleSpec('provided', None)\n");
    PyObject *module = PyImport_CreateModuleFromInitfunc(
        PyDict_GetItemString(globals, "spec"), init_provided);
    if (module == NULL) {
        report_exception();
    }
    else {
        report_works("%s", PyModule_GetName(module));
    }
    Py_XDECREF(module);
    Py_FinalizeEx();
    return 0;
}

#endif
