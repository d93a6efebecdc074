/* On 3.12, a built-in single-phase module gets past the check, until main has imported it.

   Three times a module is imported in a fresh isolated interpreter, and before the last time in the
   main interpreter. One with an ``m_size`` of 0 loads twice, one with -1 only once: that import is
   remembered for all. An interpreter with the shared GIL and one with its own do the same.

   :since: 3.9 */

#include "probe.h"

#define MODULE(NAME, SIZE) \
    static struct PyModuleDef definition_of_##NAME = { \
        PyModuleDef_HEAD_INIT, .m_name = #NAME, .m_size = SIZE}; \
    static PyObject *init_##NAME(void) { return PyModule_Create(&definition_of_##NAME); }

/* Two kinds of interpreters get modules of their own, as an import may count for all. */
MODULE(shared_zero, 0)
MODULE(shared_minus, -1)
MODULE(own_zero, 0)
MODULE(own_minus, -1)

static const char *
import_inside(enum kind kind, const char *name)
{
    PyThreadState *caller = PyThreadState_Get();
    PyThreadState *inside = enter_interpreter(kind);
    PyObject *module = PyImport_ImportModule(name);
    if (module == NULL && !PyErr_ExceptionMatches(PyExc_ImportError)) {
        must(NULL);
    }
    PyErr_Clear();
    Py_XDECREF(module);
    leave_interpreter(inside, caller);
    return module == NULL ? "refused" : "loads";
}

static void
describe(char *text, size_t size, enum kind kind, const char *zero, const char *minus)
{
    const char *seen[6];
    for (int n = 0; n < 6; n++) {
        const char *name = n < 3 ? zero : minus;
        if (n % 3 == 2) {
            Py_DECREF(must(PyImport_ImportModule(name)));
        }
        seen[n] = import_inside(kind, name);
    }
    snprintf(text, size, "0: %s %s %s, -1: %s %s %s", seen[0], seen[1], seen[2], seen[3], seen[4],
             seen[5]);
}

int
main(void)
{
    char shared[100], own[100];
    PyImport_AppendInittab("shared_zero", init_shared_zero);
    PyImport_AppendInittab("shared_minus", init_shared_minus);
    PyImport_AppendInittab("own_zero", init_own_zero);
    PyImport_AppendInittab("own_minus", init_own_minus);
    Py_Initialize();
    describe(shared, sizeof(shared), ISOLATED, "shared_zero", "shared_minus");
    if (kind_exists(OWN_GIL)) {
        describe(own, sizeof(own), OWN_GIL, "own_zero", "own_minus");
        if (strcmp(shared, own) != 0) {
            fprintf(stderr, "they differ: %s; %s\n", shared, own);
            return 1;
        }
    }
    report_works("%s", shared);
    return Py_FinalizeEx();
}
