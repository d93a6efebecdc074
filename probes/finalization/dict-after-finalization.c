/* A dict of one entry after ``Py_FinalizeEx()``: made up to 3.9, crashes from 3.10 on. */

#include "probe.h"

int
main(void)
{
    Py_Initialize();
    Py_FinalizeEx();
    PyObject *dict = PyDict_New();
    PyDict_SetItemString(dict, "name", Py_None);
    report_works("it is made");
    return 0;
}
