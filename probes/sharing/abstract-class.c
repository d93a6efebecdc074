/* An abstract class of another interpreter cannot be asked: ``_abc_impl is set to a wrong type``.

   A module with an ``m_size`` of -1 makes the class when it is imported first. A second interpreter
   gets a copy of the dictionary of the module, and so the class of the first.
*/

#include "probe.h"

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "abstract", .m_size = -1};

PyMODINIT_FUNC
PyInit_abstract(void)
{
    PyObject *module = must(PyModule_Create(&definition));
    PyObject *abc = must(PyImport_ImportModule("abc"));
    PyObject *meta = must(PyObject_GetAttrString(abc, "ABCMeta"));
    PyObject *type = must(PyObject_CallFunction(meta, "s(){}", "Abstract"));
    Py_DECREF(meta);
    Py_DECREF(abc);
    if (PyModule_AddObject(module, "Abstract", type) < 0) {
        return NULL;
    }
    return module;
}

int
main(void)
{
    PyImport_AppendInittab("abstract", PyInit_abstract);
    Py_Initialize();
    must(PyImport_ImportModule("abstract"));
    PyThreadState *caller = PyThreadState_Get();
    PyThreadState *inside = enter_interpreter(LEGACY);
    PyObject *module = must(PyImport_ImportModule("abstract"));
    PyObject *type = must(PyObject_GetAttrString(module, "Abstract"));
    if (PyObject_IsInstance(module, type) < 0) {
        report_exception();
    }
    else {
        report_works("no instance");
    }
    fflush(stdout);
    (void)inside;
    (void)caller;
    _exit(0);
}
