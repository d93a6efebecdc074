/* A static object that looks at ``Py_IsInitialized()`` first leaves its dict alone, and all is well. */

#include "probe.h"

static PyObject *held;

static void __attribute__((destructor))
release(void)
{
    if (Py_IsInitialized()) {
        Py_XDECREF(held);
    }
    report_works("Py_IsInitialized() is %d", Py_IsInitialized());
}

int
main(void)
{
    Py_Initialize();
    held = PyDict_New();
    Py_FinalizeEx();
    return 0;
}
