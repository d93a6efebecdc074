/* If a module goes before it has its state, 3.8 calls ``m_free`` all the same, later versions not.

   The definition asks for a state, which the exec phase would have allocated. */

#include "probe.h"

static int freed = 0;

static void
count_free(void *module)
{
    freed += PyModule_GetState(module) == NULL;
}

static PyModuleDef_Slot no_slots[] = {{0, NULL}};
static struct PyModuleDef tested = {PyModuleDef_HEAD_INIT, .m_name = "tested",
                                    .m_size = sizeof(long), .m_slots = no_slots,
                                    .m_free = count_free};

static PyObject *
probe(PyObject *self, PyObject *Py_UNUSED(ignored))
{
    PyModuleDef_Init(&tested);
    PyObject *spec = must(PyObject_GetAttrString(self, "__spec__"));
    PyObject *module = must(PyModule_FromDefAndSpec(&tested, spec));
    Py_DECREF(module); /* it was not executed */
    Py_DECREF(spec);
    report_works("m_free is %s", freed ? "called, the state is NULL" : "not called");
    Py_RETURN_NONE;
}

static PyMethodDef methods[] = {{"probe", probe, METH_NOARGS, NULL}, {NULL, NULL, 0, NULL}};

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "creator", .m_methods = methods};

PyMODINIT_FUNC
PyInit_creator(void)
{
    return PyModuleDef_Init(&definition);
}
