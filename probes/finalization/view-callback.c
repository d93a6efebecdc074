/* A C thread that attaches through a view can end in order at any moment; from 3.15 on. */

#include "probe.h"

#if PY_VERSION_HEX < 0x030F0000

int
main(void)
{
    report_absent("no PyInterpreterView");
    return 0;
}

#else

static PyInterpreterView *view;
static volatile int calls;

static int
on_event(void)
{
    PyThreadStateToken *token = PyThreadState_EnsureFromView(view);
    if (token == NULL) {
        return -1;  /* Python has ended, or is ending */
    }
    PyObject *object = PyLong_FromLong(calls++ + 1000);
    Py_XDECREF(object);
    PyThreadState_Release(token);
    return 0;
}

static void *
work(void *Py_UNUSED(arg))
{
    while (on_event() == 0) {
    }
    return NULL;
}

int
main(void)
{
    pthread_t thread;
    Py_Initialize();
    view = PyInterpreterView_FromCurrent();
    pthread_create(&thread, NULL, work, NULL);
    PyRun_SimpleString("import time; time.sleep(0.2)");
    int status = Py_FinalizeEx();
    pthread_join(thread, NULL);
    int after = on_event();
    PyInterpreterView_Close(view);
    report_works("%s, returns %d, later: %d", calls > 0 ? "called" : "never called", status, after);
    return 0;
}
#endif
