/* Python can be initialized again after ``Py_FinalizeEx()``, with modules and names anew. */

#include "probe.h"

int
main(void)
{
    Py_Initialize();
    PyRun_SimpleString("import json; json.answer = 42");
    Py_FinalizeEx();

    Py_Initialize();
    PyObject *json = must(PyImport_ImportModule("json"));
    int kept = PyObject_HasAttrString(json, "answer");
    Py_DECREF(json);
    int status = Py_FinalizeEx();
    report_works("json is %s, the end returns %d", kept ? "as it was" : "new", status);
    return 0;
}
