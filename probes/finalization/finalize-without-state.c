/* ``Py_FinalizeEx()`` in a detached thread crashes up to 3.12 and works from 3.13 on. */

#include "probe.h"

int
main(void)
{
    Py_Initialize();
    PyEval_SaveThread();
    report_works("returns %d", Py_FinalizeEx());
    return 0;
}
