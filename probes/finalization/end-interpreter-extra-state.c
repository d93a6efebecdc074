/* ``Py_EndInterpreter()`` with a thread state that no thread uses is a fatal error up to 3.14.0. */

#include "probe.h"

int
main(void)
{
    Py_Initialize();
    PyThreadState *main_state = PyThreadState_Get();
    PyThreadState *inside = Py_NewInterpreter();
    PyThreadState_New(inside->interp);
    Py_EndInterpreter(inside);
    PyThreadState_Swap(main_state);
    report_works("the subinterpreter ends");
    return 0;
}
