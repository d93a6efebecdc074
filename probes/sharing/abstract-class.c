/* Abstract classes of another interpreter cannot be asked: ``_abc_impl is set to a wrong type``.

   A module with an ``m_size`` of -1 makes the classes when it is imported first. A second
   interpreter gets a copy of the dictionary of the module, and so the classes of the first.
   Not each class fails: it takes one of the second interpreter that has the same number in its
   cache of attributes. So there are many. See ``abstract-class-without-cache``.
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
    PyImport_AppendInittab("abstract", PyInit_abstract);
    Py_Initialize();
    must(PyImport_ImportModule("abstract"));
    enter_interpreter(LEGACY);
    PyRun_SimpleString(make);
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
