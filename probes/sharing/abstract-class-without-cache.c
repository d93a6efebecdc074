/* With an empty cache of attributes, abstract classes of another interpreter can be asked.

   Otherwise the same as ``abstract-class``.
*/

#include "probe.h"

static const char make[] =
    "from abc import ABCMeta\n"
    "classes = [ABCMeta('C%d' % number, (), {}) for number in range(300)]\n"
    "assert not any(isinstance(1, each) for each in classes)\n";

static const char ask[] =
    "import abstract\n"
    "seen = 'no instance'\n"
    "try:\n"
    "    for each in abstract.classes:\n"
    "        isinstance(1.5, each)\n"
    "except Exception as error:\n"
    "    seen = type(error).__name__ + ': ' + str(error)\n";

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "abstract", .m_size = -1};

PyMODINIT_FUNC
PyInit_abstract(void)
{
    PyObject *module = must(PyModule_Create(&definition));
    PyObject *globals = PyModule_GetDict(module);
    must(PyDict_GetItemString(globals, "__name__"));
    PyDict_SetItemString(globals, "__builtins__", PyEval_GetBuiltins());
    must(PyRun_String(make, Py_file_input, globals, globals));
    return module;
}

int
main(void)
{
    if (PY_VERSION_HEX < 0x030C0000) {
        report_absent("no such exception before 3.12");
        return 0;
    }
    PyImport_AppendInittab("abstract", PyInit_abstract);
    Py_Initialize();
    must(PyImport_ImportModule("abstract"));
    enter_interpreter(LEGACY);
    PyRun_SimpleString(make);
    PyType_ClearCache();
    PyRun_SimpleString(ask);
    PyObject *seen = must(PyObject_GetAttrString(PyImport_AddModule("__main__"), "seen"));
    const char *text = PyUnicode_AsUTF8(seen);
    if (strchr(text, ':') == NULL) {
        report_works("%s", text);
    }
    else {
        report_raises("%s", text);
    }
    fflush(stdout);
    _exit(0);
}
