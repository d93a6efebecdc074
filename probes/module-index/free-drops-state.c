/* A module that dies by its reference count alone gets no ``m_clear``, only ``m_free``.

   Only the garbage collector calls ``m_clear``. */

#include "probe.h"

static int cleared = 0, freed = 0;

static int
count_clear(PyObject *Py_UNUSED(module))
{
    cleared++;
    return 0;
}

static void
count_free(void *Py_UNUSED(module))
{
    freed++;
}

static PyModuleDef_Slot no_slots[] = {{0, NULL}};
static struct PyModuleDef tested = {PyModuleDef_HEAD_INIT, .m_name = "tested",
                                    .m_size = sizeof(long), .m_slots = no_slots,
                                    .m_clear = count_clear, .m_free = count_free};

static PyObject *
probe(PyObject *self, PyObject *Py_UNUSED(ignored))
{
    PyModuleDef_Init(&tested);
    PyObject *spec = must(PyObject_GetAttrString(self, "__spec__"));
    PyObject *module = must(PyModule_FromDefAndSpec(&tested, spec));
    PyModule_ExecDef(module, &tested);
    Py_DECREF(module);
    Py_DECREF(spec);
    report_works("m_clear %d, m_free %d", cleared, freed);
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
