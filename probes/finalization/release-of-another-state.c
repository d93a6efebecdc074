/* ``PyGILState_Release()`` while another thread state of the thread is attached is fatal up to 3.11. */

#include "probe.h"

int
main(void)
{
    Py_Initialize();
    PyGILState_STATE state = PyGILState_Ensure();
    PyThreadState_Swap(PyThreadState_New(PyThreadState_Get()->interp));
    PyGILState_Release(state);
    report_works("it returns");
    return 0;
}
