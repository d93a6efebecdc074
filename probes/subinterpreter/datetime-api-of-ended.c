/* The pointer of ``PyDateTime_IMPORT`` is of no use when the interpreter that gave it has ended.

   Nobody else has imported ``datetime``. From 3.10 to 3.13 the process crashes when it is used.
*/

#include "probe.h"
#include <datetime.h>

int
main(void)
{
    Py_Initialize();
    PyThreadState *caller = PyThreadState_Get();
    PyThreadState *inside = enter_interpreter(LEGACY);
    PyDateTime_IMPORT;
    leave_interpreter(inside, caller);
    if (PyDateTimeAPI == NULL) {
        report_works("no pointer");
        return 0;
    }
    PyObject *date = must(PyDate_FromDate(2026, 11, 30));
    PyObject *text = must(PyObject_Str(date));
    report_works("a date: %s", PyUnicode_AsUTF8(text));
    fflush(stdout);
    _exit(0);
}
