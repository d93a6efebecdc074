/* ``Py_EndInterpreter()`` with a running daemon thread is a fatal error up to 3.14.0.

   Later, the thread is left behind.
*/

#include "probe.h"

int
main(void)
{
    Py_Initialize();
    PyThreadState *main_state = PyThreadState_Get();
    PyThreadState *inside = Py_NewInterpreter();
    PyRun_SimpleString("import threading, time\n"
                       "threading.Thread(target=time.sleep, args=(100,), daemon=True).start()\n");
    Py_EndInterpreter(inside);
    PyThreadState_Swap(main_state);
    report_works("the subinterpreter ends");
    return 0;
}
