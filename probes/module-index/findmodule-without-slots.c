/* :c:func:`PyState_FindModule` gives ``NULL`` for a multi-phase module without slots, too.

   The function does not refuse such a definition, but the import system never lists its module. */

#include "probe.h"

static struct PyModuleDef definition;

static PyObject *
probe(PyObject *Py_UNUSED(module), PyObject *Py_UNUSED(ignored))
{
    report_works("%s", PyState_FindModule(&definition) == NULL ? "NULL" : "a module");
    Py_RETURN_NONE;
}

static PyMethodDef methods[] = {{"probe", probe, METH_NOARGS, NULL}, {NULL, NULL, 0, NULL}};

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "unlisted", .m_methods = methods, .m_slots = NULL};

PyMODINIT_FUNC
PyInit_unlisted(void)
{
    return PyModuleDef_Init(&definition); /* multi-phase all the same */
}
