/* ``PyModule_FromDefAndSpec()`` takes any object with an attribute ``name``; the module is empty.

   ``PyModule_ExecDef()`` fills it.
*/

#include "probe.h"

static int
execute(PyObject *module)
{
    return PyModule_AddIntConstant(module, "answer", 42);
}

static PyModuleDef_Slot slots[] = {{Py_mod_exec, execute}, {0, NULL}};

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "of_the_definition", .m_slots = slots};

int
main(void)
{
    Py_Initialize();
    PyObject *types = must(PyImport_ImportModule("types"));
    PyObject *spec = must(PyObject_CallMethod(types, "SimpleNamespace", NULL));
    PyObject *name = must(PyUnicode_FromString("chosen"));
    PyObject_SetAttrString(spec, "name", name);
    PyObject *module = must(PyModule_FromDefAndSpec(&definition, spec));
    int before = PyObject_HasAttrString(module, "answer");
    if (PyModule_ExecDef(module, &definition) < 0) {
        report_exception();
        return 0;
    }
    int after = PyObject_HasAttrString(module, "answer");
    report_works("%s, filled: %d, after PyModule_ExecDef(): %d", PyModule_GetName(module), before,
                 after);
    Py_DECREF(module);
    Py_DECREF(name);
    Py_DECREF(spec);
    Py_DECREF(types);
    Py_FinalizeEx();
    return 0;
}
