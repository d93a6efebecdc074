/* Two threads hold a GIL at the same time, if their interpreters have one each.

   The threads meet at a barrier, which lets nobody pass before both have come. Each holds the GIL
   of its interpreter, and keeps it while it waits.

   :since: 3.12 */

#include "probe.h"

static pthread_barrier_t barrier;
static int held = 0;

static void *
other_thread(void *interpreter)
{
    PyThreadState *state = PyThreadState_New(interpreter);
    PyEval_RestoreThread(state); /* waits for the GIL of the subinterpreter */
    pthread_barrier_wait(&barrier);
    held += PyThreadState_Get() == state;
    pthread_barrier_wait(&barrier);
    PyThreadState_Clear(state);
    PyThreadState_DeleteCurrent(); /* lets go of the GIL */
    return NULL;
}

static PyObject *
probe(PyObject *Py_UNUSED(module), PyObject *Py_UNUSED(ignored))
{
    PyThreadState *caller = PyThreadState_Get();
    PyThreadState *inside = enter_interpreter(OWN_GIL);
    PyThreadState_Swap(caller); /* holds the GIL of the main interpreter, and no other */

    pthread_t thread;
    pthread_barrier_init(&barrier, NULL, 2);
    pthread_create(&thread, NULL, other_thread, PyThreadState_GetInterpreter(inside));
    pthread_barrier_wait(&barrier);
    pthread_barrier_wait(&barrier);
    held += PyThreadState_Get() == caller;
    pthread_join(thread, NULL);

    PyThreadState_Swap(inside);
    leave_interpreter(inside, caller);
    report_works("%d GILs held at once", held);
    Py_RETURN_NONE;
}

static PyMethodDef methods[] = {{"probe", probe, METH_NOARGS, NULL}, {NULL, NULL, 0, NULL}};

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "meeting", .m_methods = methods};

PyMODINIT_FUNC
PyInit_meeting(void)
{
    return PyModuleDef_Init(&definition);
}
