/* ``PyInterpreterView_FromMain()`` leads a detached thread into the main interpreter; from 3.15 on. */

#include "probe.h"

#if PY_VERSION_HEX < 0x030F0000

int
main(void)
{
    report_absent("no PyInterpreterView");
    return 0;
}

#else

int
main(void)
{
    Py_Initialize();
    PyThreadState *saved = PyEval_SaveThread();
    PyInterpreterView *view = PyInterpreterView_FromMain();
    PyThreadStateToken *token = view == NULL ? NULL : PyThreadState_EnsureFromView(view);
    long long id = token == NULL ? -1 : PyInterpreterState_GetID(PyThreadState_Get()->interp);
    if (token != NULL) {
        PyThreadState_Release(token);
    }
    if (view != NULL) {
        PyInterpreterView_Close(view);
    }
    PyEval_RestoreThread(saved);
    report_works("interpreter %lld", id);
    Py_FinalizeEx();
    return 0;
}

#endif
