/* Since 3.12 a pending call is made in the main interpreter, whichever interpreter asks for it.

A subinterpreter asks for a call, twice. The first time it runs Python code before the main
interpreter does; the second time the main interpreter comes first.
*/

#include "probe.h"

static const char *made_in = "nobody";

static int
pending(void *Py_UNUSED(argument))
{
    PyInterpreterState *interp = PyThreadState_Get()->interp;
    made_in = interp == PyInterpreterState_Main() ? "main" : "sub";
    return 0;
}

static void
run_code(PyThreadState *tstate)
{
    PyThreadState_Swap(tstate);
    PyRun_SimpleString("for number in range(1000): pass");
}

int
main(void)
{
    Py_Initialize();
    PyThreadState *caller = PyThreadState_Get();
    PyThreadState *inside = enter_interpreter(LEGACY);

    Py_AddPendingCall(pending, NULL);
    run_code(inside);
    run_code(caller);
    const char *first = made_in;

    PyThreadState_Swap(inside);
    Py_AddPendingCall(pending, NULL);
    run_code(caller);
    run_code(inside);
    report_works("sub runs first: in %s, main runs first: in %s", first, made_in);

    leave_interpreter(inside, caller);
    Py_FinalizeEx();
    return 0;
}
