/* Deleting the thread state that is attached is a fatal error. */

#include "probe.h"

int
main(void)
{
    Py_Initialize();
    PyThreadState *state = PyThreadState_Get();
    PyThreadState_Clear(state);
    PyThreadState_Delete(state);
    report_works("it is deleted");
    return 0;
}
