/* Import a module, end Python, start it again, and import the module once more. */

#include <Python.h>

int
main(int count, char **arguments)
{
    for (int round = 0; round < 2; round++) {
        Py_Initialize();
        PyObject *module = PyImport_ImportModule(arguments[count - 1]);
        if (module == NULL) {
            PyErr_Print();
            return 1;
        }
        Py_DECREF(module);
        if (Py_FinalizeEx() < 0) {
            return 120;
        }
    }
    return 0;
}
