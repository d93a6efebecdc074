/* ``PyModule_FromSlotsAndSpec()`` makes a module from an array of slots, ``PyModule_Exec()`` fills it.

   ``PyABIInfo_Check()`` accepts what the compiler wrote into the ABI slot, and refuses another one.

   :since: 3.15 */

#include "probe.h"

static int
execute(PyObject *module)
{
    return PyModule_AddIntConstant(module, "filled", 1);
}

PyABIInfo_VAR(abi_info);

static PySlot slots[] = {
    PySlot_STATIC_DATA(Py_mod_abi, &abi_info),
    PySlot_FUNC(Py_mod_exec, execute),
    PySlot_END,
};

int
main(void)
{
    Py_Initialize();
    PyRun_SimpleString("from importlib.machinery import ModuleSpec\n"
                       "spec = ModuleSpec('made', None)\n");
    PyObject *globals = PyModule_GetDict(PyImport_AddModule("__main__"));
    PyObject *spec = PyDict_GetItemString(globals, "spec");
    PyObject *module = must(PyModule_FromSlotsAndSpec(slots, spec));
    int before = PyObject_HasAttrString(module, "filled");
    if (PyModule_Exec(module) < 0) {
        PyErr_Print();
        return 1;
    }
    int after = PyObject_HasAttrString(module, "filled");
    PyABIInfo wrong = abi_info;
    wrong.abi_version = 0x030A0000;
    int fits = PyABIInfo_Check(&abi_info, "made") == 0;
    int refused = PyABIInfo_Check(&wrong, "made") < 0;
    PyErr_Clear();
    report_works("filled: %d, then %d; ABI: %s, another: %s", before, after,
                 fits ? "fits" : "refused", refused ? "refused" : "fits");
    Py_DECREF(module);
    Py_FinalizeEx();
    return 0;
}
