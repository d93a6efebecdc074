/* With the check disabled even a single-phase module loads beside an own GIL.

   Nothing protects its global state then.

   :since: 3.12 */

#include "probe.h"

static PyObject *
probe(PyObject *Py_UNUSED(module), PyObject *Py_UNUSED(ignored))
{
    PyThreadState *caller = PyThreadState_Get();
    PyThreadState *inside = enter_interpreter(OWN_GIL);
    int failed = PyRun_SimpleString(
        "from importlib.util import _incompatible_extension_module_restrictions\n"
        "with _incompatible_extension_module_restrictions(disable_check=True):\n"
        "    import single\n");
    leave_interpreter(inside, caller);
    report_works("%s", failed ? "refused" : "loads");
    Py_RETURN_NONE;
}

static PyMethodDef methods[] = {{"probe", probe, METH_NOARGS, NULL}, {NULL, NULL, 0, NULL}};

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "single", .m_methods = methods};

PyMODINIT_FUNC
PyInit_single(void)
{
    return PyModule_Create(&definition);
}
