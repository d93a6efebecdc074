/* To give back a dict after ``Py_FinalizeEx()``, as a static object of C++ does, crashes. */

#include "probe.h"

static PyObject *held;

/* Runs when the program ends, as the destructor of a static C++ object does. */
static void __attribute__((destructor))
release(void)
{
    Py_XDECREF(held);
    report_works("it is given back");
}

int
main(void)
{
    Py_Initialize();
    held = PyDict_New();
    Py_FinalizeEx();
    return 0;
}
