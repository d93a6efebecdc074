/* ``datetime.strptime()`` fails in the second round of a program, up to 3.12. */

#include "probe.h"

int
main(void)
{
    static const char code[] =
        "import datetime\n"
        "error = None\n"
        "try:\n"
        "    datetime.datetime.strptime('2000-01', '%Y-%m')\n"
        "except Exception as caught:\n"
        "    error = f'{type(caught).__name__}: {caught}'\n";
    for (int round = 1;; round++) {
        Py_Initialize();
        PyRun_SimpleString(code);
        if (round == 2) {
            break;
        }
        Py_FinalizeEx();
    }
    PyObject *error = PyObject_GetAttrString(PyImport_AddModule("__main__"), "error");
    if (error != Py_None) {
        report_raises("%s", PyUnicode_AsUTF8(error));
    }
    else {
        report_works("works in both rounds");
    }
    fflush(stdout);
    _exit(0);
}
