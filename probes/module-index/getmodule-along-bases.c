/* A slot function finds its module with :c:func:`PyType_GetModule`, asked for each base in turn.

   This needs no function newer than 3.9. The subclass is made in Python, as by a user of the
   module, and ``tp_init`` is called for an instance of it.

   :since: 3.9 */

#include "probe.h"

static struct PyModuleDef definition;

/* The module that has made a base of the type: a borrowed reference, or NULL with an exception. */
static PyObject *
module_of(PyTypeObject *type)
{
    Py_ssize_t count = PyTuple_Size(type->tp_mro);
    for (Py_ssize_t i = 0; i < count; i++) {
        PyTypeObject *base = (PyTypeObject *)PyTuple_GetItem(type->tp_mro, i);
        PyObject *module = PyType_GetModule(base);
        if (module == NULL) {
            PyErr_Clear();
        }
        else if (PyModule_GetDef(module) == &definition) {
            return module;
        }
    }
    PyErr_SetString(PyExc_TypeError, "no base is of this module");
    return NULL;
}

static PyObject *found;

static int
init(PyObject *self, PyObject *Py_UNUSED(args), PyObject *Py_UNUSED(kwargs))
{
    found = module_of(Py_TYPE(self));
    return found == NULL ? -1 : 0;
}

static PyType_Slot type_slots[] = {{Py_tp_init, init}, {0, NULL}};
static PyType_Spec spec = {.name = "typed.Heap",
                           .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE,
                           .slots = type_slots};

static PyObject *
probe(PyObject *module, PyObject *Py_UNUSED(ignored))
{
    PyObject *heap = must(PyType_FromModuleAndSpec(module, &spec, NULL));
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
