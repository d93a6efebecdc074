/* ``PyGILState_Ensure()`` in the thread that made a subinterpreter and is in it: up to 3.11 it hangs.

   The thread has another thread state, of the main interpreter, and that one has the GIL.
*/

#include "probe.h"
#include <signal.h>

static void
give_up(int Py_UNUSED(signal_number))
{
    static const char line[] = "{\"outcome\": \"hangs\", \"detail\": \"PyGILState_Ensure()\"}\n";
    _exit(write(1, line, sizeof(line) - 1) < 0);
}

int
main(void)
{
    Py_Initialize();
    PyThreadState *caller = PyThreadState_Get();
    PyThreadState *inside = enter_interpreter(LEGACY);
    signal(SIGALRM, give_up);
    alarm(3);
    PyGILState_STATE state = PyGILState_Ensure();
    report_works("%s", PyThreadState_Get() == inside ? "it stays there" : "it goes elsewhere");
    PyGILState_Release(state);
    leave_interpreter(inside, caller);
    Py_FinalizeEx();
    return 0;
}
