/* A dict with a dict in it after ``Py_FinalizeEx()``: made on 3.8, crashes from 3.9 on. */

#include "probe.h"

int
main(void)
{
    Py_Initialize();
    Py_FinalizeEx();
    PyObject *dict = PyDict_New();
    PyDict_SetItemString(dict, "name", PyDict_New());
    report_works("it is made");
    return 0;
}
