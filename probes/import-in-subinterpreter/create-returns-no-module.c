/* ``Py_mod_create`` may return an object that is no module, such as a string.

   The loader calls it here.
*/

#include "probe.h"

static PyObject *
probe(PyObject *self, PyObject *Py_UNUSED(ignored))
{
    PyObject *globals = must(PyDict_New());
    PyDict_SetItemString(globals, "first", self);
    PyObject *done = PyRun_String(
        "from importlib.machinery import ExtensionFileLoader\n"
        "from importlib.util import spec_from_file_location\n"
        "loader = ExtensionFileLoader('text', first.__file__)\n"
        "spec = spec_from_file_location('text', first.__file__, loader=loader)\n"
        "made = repr(loader.create_module(spec))\n",
        Py_file_input, globals, globals);
    if (done == NULL) {
        report_exception();
    }
    else {
        report_works("%s", PyUnicode_AsUTF8(PyDict_GetItemString(globals, "made")));
    }
    Py_DECREF(globals);
    Py_RETURN_NONE;
}

static PyMethodDef methods[] = {{"probe", probe, METH_NOARGS, NULL}, {NULL, NULL, 0, NULL}};

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "texts", .m_methods = methods};

PyMODINIT_FUNC
PyInit_texts(void)
{
    return PyModuleDef_Init(&definition);
}

static PyObject *
create(PyObject *Py_UNUSED(spec), PyModuleDef *Py_UNUSED(definition))
{
    return PyUnicode_FromString("no module");
}

static PyModuleDef_Slot slots[] = {{Py_mod_create, create}, {0, NULL}};
static struct PyModuleDef text = {PyModuleDef_HEAD_INIT, .m_name = "text", .m_slots = slots};

PyMODINIT_FUNC
PyInit_text(void)
{
    return PyModuleDef_Init(&text);
}
