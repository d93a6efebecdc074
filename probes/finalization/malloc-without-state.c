/* With debug hooks, ``PyMem_Malloc()`` in a detached thread is a fatal error. */

#include "probe.h"

int
main(void)
{
    setenv("PYTHONMALLOC", "debug", 1);
    Py_Initialize();
    PyEval_SaveThread();
    PyMem_Malloc(10);
    report_works("nothing happens");
    return 0;
}
