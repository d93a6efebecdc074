/* A string given back after ``Py_FinalizeEx()``: goes well up to 3.11, crashes from 3.12 on. */

#include "probe.h"

static PyObject *held;

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
    held = PyUnicode_FromString("a text that is long enough to be an object of its own");
    Py_FinalizeEx();
    return 0;
}
