/* ``PyInterpreterState_Head()`` and ``_Next()`` give the interpreters, the newest first. */

#include "probe.h"

int
main(void)
{
    Py_Initialize();
    PyThreadState *caller = PyThreadState_Get();
    PyThreadState *inside = enter_interpreter(LEGACY);
    PyThreadState_Swap(caller);
    char ids[100] = "";
    for (PyInterpreterState *interpreter = PyInterpreterState_Head(); interpreter != NULL;
         interpreter = PyInterpreterState_Next(interpreter)) {
        size_t length = strlen(ids);
        snprintf(ids + length, sizeof(ids) - length, "%s%lld", length ? ", " : "",
                 (long long)PyInterpreterState_GetID(interpreter));
    }
    PyThreadState_Swap(inside);
    leave_interpreter(inside, caller);
    report_works("%s", ids);
    Py_FinalizeEx();
    return 0;
}
