/* ``Py_EndInterpreter()`` with a thread state that is not the current one is a fatal error. */

#include "probe.h"

int
main(void)
{
    Py_Initialize();
    PyThreadState *main_state = PyThreadState_Get();
    PyThreadState *inside = Py_NewInterpreter();
    PyThreadState_Swap(main_state);
    Py_EndInterpreter(inside);
    report_works("the subinterpreter ends");
    return 0;
}
