/* A slot function finds its module in an attribute that the module has set on its heap type.

   This works where a type does not know its module. The subclass is made in Python, as by a user
   of the module, and ``tp_init`` is called for an instance of it. Whoever can reach the type can
   set the attribute, so the function checks what it gets.
*/

#include "probe.h"

static struct PyModuleDef definition;
static PyObject *found;

static int
init(PyObject *self, PyObject *Py_UNUSED(args), PyObject *Py_UNUSED(kwargs))
{
    PyObject *module = PyObject_GetAttrString((PyObject *)Py_TYPE(self), "_module");
    if (module == NULL) {
        return -1;
    }
    if (!PyModule_Check(module) || PyModule_GetDef(module) != &definition) {
        Py_DECREF(module);
        PyErr_SetString(PyExc_TypeError, "_module is not the module of this type");
        return -1;
    }
    found = module;
    Py_DECREF(module);
    return 0;
}

static PyType_Slot type_slots[] = {{Py_tp_init, init}, {0, NULL}};
static PyType_Spec spec = {.name = "typed.Heap",
                           .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE,
                           .slots = type_slots};

static PyObject *
probe(PyObject *module, PyObject *Py_UNUSED(ignored))
{
    PyObject *heap = must(PyType_FromSpec(&spec));
    if (PyObject_SetAttrString(heap, "_module", module) < 0) {
        PyErr_Print();
        exit(1);
    }
    PyObject *sub = must(PyObject_CallFunction((PyObject *)&PyType_Type, "s(O){}", "Sub", heap));
    PyObject *thing = must(PyObject_CallObject(sub, NULL));
    report_works("%s", found == module ? "the module" : "another module");
    Py_DECREF(thing);
    Py_DECREF(sub);
    Py_DECREF(heap);
    Py_RETURN_NONE;
}

static PyMethodDef methods[] = {{"probe", probe, METH_NOARGS, NULL}, {NULL, NULL, 0, NULL}};

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "typed", .m_methods = methods};

PyMODINIT_FUNC
PyInit_typed(void)
{
    return PyModuleDef_Init(&definition);
}
