/* A module from an export hook has no definition; its token is the address of its slots.

   :c:func:`PyModule_GetDef` gives ``NULL`` without an exception. Without a definition there is no
   index either.

   :since: 3.15 */

#include "probe.h"

static PySlot slots[];

static PyObject *
probe(PyObject *module, PyObject *Py_UNUSED(ignored))
{
    void *token = NULL;
    PyModuleDef *definition = PyModule_GetDef(module);
    if (PyErr_Occurred() || PyModule_GetToken(module, &token) < 0) {
        return NULL;
    }
    report_works("%s; the token is %s", definition == NULL ? "no definition" : "a definition",
                 token == slots ? "that of the slots" : "another");
    Py_RETURN_NONE;
}

static PyMethodDef methods[] = {{"probe", probe, METH_NOARGS, NULL}, {NULL, NULL, 0, NULL}};

PyABIInfo_VAR(abi_info);

static PySlot slots[] = {
    PySlot_STATIC_DATA(Py_mod_abi, &abi_info),
    PySlot_STATIC_DATA(Py_mod_methods, methods),
    PySlot_END,
};

PyMODEXPORT_FUNC
PyModExport_hooked(void)
{
    return slots;
}
