/* A module can refuse a second interpreter by a C variable that its exec function sets.

   The second is a legacy one, where CPython checks nothing. A real module needs a lock around it.
*/

#include "probe.h"

static int loaded;

static int
execute(PyObject *Py_UNUSED(module))
{
    if (loaded) {
        PyErr_SetString(PyExc_ImportError, "single: one interpreter only");
        return -1;
    }
    loaded = 1;
    return 0;
}

static PyModuleDef_Slot slots[] = {{Py_mod_exec, execute}, {0, NULL}};

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "single", .m_slots = slots};

PyMODINIT_FUNC
PyInit_single(void)
{
    return PyModuleDef_Init(&definition);
}

int
main(void)
{
    PyImport_AppendInittab("single", PyInit_single);
    Py_Initialize();
    PyObject *module = must(PyImport_ImportModule("single"));
    PyThreadState *caller = PyThreadState_Get();
    PyThreadState *inside = enter_interpreter(LEGACY);
    PyObject *second = PyImport_ImportModule("single");
    if (second == NULL) {
        report_exception();
    }
    else {
        report_works("loads");
        Py_DECREF(second);
    }
    leave_interpreter(inside, caller);
    Py_DECREF(module);
    Py_FinalizeEx();
    return 0;
}
