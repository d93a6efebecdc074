/* ``Py_IsInitialized()`` turns 0 with the finalizing flag, while Python code still runs. */

#include "probe.h"

static int in_atexit = -1, in_late_del = -1;

static PyObject *
look(PyObject *Py_UNUSED(self), PyObject *where)
{
    *(int *)PyCapsule_GetPointer(where, NULL) = Py_IsInitialized();
    Py_RETURN_NONE;
}

static PyMethodDef look_def = {"look", look, METH_O, NULL};

int
main(void)
{
    Py_Initialize();
    PyObject *globals = PyModule_GetDict(PyImport_AddModule("__main__"));
    PyDict_SetItemString(globals, "look", PyCFunction_New(&look_def, NULL));
    PyDict_SetItemString(globals, "in_atexit", PyCapsule_New(&in_atexit, NULL, NULL));
    PyDict_SetItemString(globals, "in_late_del", PyCapsule_New(&in_late_del, NULL, NULL));
    PyRun_SimpleString("import atexit\n"
                       "atexit.register(look, in_atexit)\n"
                       "class Finalizer:\n"
                       "    def __del__(self):\n"
                       "        look(in_late_del)\n"
                       "target = Finalizer()\n");
    Py_FinalizeEx();
    report_works("%d in atexit, %d in a late __del__", in_atexit, in_late_del);
    return 0;
}
