/* ``Py_FinalizeEx()`` in a detached thread goes on with the thread state that was saved, from 3.13.

   Up to 3.12 it crashes.
*/

#include "probe.h"

static PyThreadState *saved;
static int same;

static PyObject *
look(PyObject *Py_UNUSED(self), PyObject *Py_UNUSED(arg))
{
    same = PyThreadState_Get() == saved;
    Py_RETURN_NONE;
}

static PyMethodDef look_def = {"look", look, METH_NOARGS, NULL};

int
main(void)
{
    Py_Initialize();
    PyObject *atexit = must(PyImport_ImportModule("atexit"));
    PyObject *callback = must(PyCFunction_New(&look_def, NULL));
    must(PyObject_CallMethod(atexit, "register", "O", callback));
    saved = PyEval_SaveThread();
    int status = Py_FinalizeEx();
    report_works("returns %d, %s", status, same ? "with the saved state" : "with another state");
    return 0;
}
