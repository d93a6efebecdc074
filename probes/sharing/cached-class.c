/* A class that an extension module keeps in a C variable is that of the interpreter that came first.

   Its instances are no instances of the class that another interpreter imports.
*/

#include "probe.h"

static PyObject *kept;

static PyObject *
make(PyObject *Py_UNUSED(module), PyObject *Py_UNUSED(ignored))
{
    if (kept == NULL) {
        PyObject *module = must(PyImport_ImportModule("fractions"));
        kept = must(PyObject_GetAttrString(module, "Fraction"));
        Py_DECREF(module);
    }
    return PyObject_CallFunction(kept, "ii", 1, 2);
}

static PyMethodDef methods[] = {{"make", make, METH_NOARGS, NULL}, {NULL, NULL, 0, NULL}};

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "maker", .m_methods = methods};

PyMODINIT_FUNC
PyInit_maker(void)
{
    return PyModule_Create(&definition);
}

static const char *
ask(void)
{
    PyObject *module = must(PyImport_ImportModule("fractions"));
    PyObject *type = must(PyObject_GetAttrString(module, "Fraction"));
    PyObject *maker = must(PyImport_ImportModule("maker"));
    PyObject *made = must(PyObject_CallMethod(maker, "make", NULL));
    int is_one = PyObject_IsInstance(made, type);
    Py_DECREF(made);
    Py_DECREF(maker);
    Py_DECREF(type);
    Py_DECREF(module);
    return is_one ? "isinstance" : "no instance";
}

int
main(void)
{
    PyImport_AppendInittab("maker", PyInit_maker);
    Py_Initialize();
    const char *of_main = ask();
    PyThreadState *caller = PyThreadState_Get();
    PyThreadState *inside = enter_interpreter(LEGACY);
    const char *of_sub = ask();
    leave_interpreter(inside, caller);
    report_works("main: %s, subinterpreter: %s", of_main, of_sub);
    fflush(stdout);
    _exit(0);
}
