/* One library can hold several modules: another name finds another ``PyInit_`` function in it. */

#include "probe.h"

static PyObject *
probe(PyObject *self, PyObject *Py_UNUSED(ignored))
{
    PyObject *globals = must(PyDict_New());
    PyDict_SetItemString(globals, "first", self);
    must(PyRun_String("from importlib.machinery import ExtensionFileLoader\n"
                      "from importlib.util import module_from_spec, spec_from_file_location\n"
                      "loader = ExtensionFileLoader('second', first.__file__)\n"
                      "spec = spec_from_file_location('second', first.__file__, loader=loader)\n"
                      "second = module_from_spec(spec)\n"
                      "loader.exec_module(second)\n"
                      "names = first.__name__ + ', ' + second.__name__\n",
                      Py_file_input, globals, globals));
    report_works("%s", PyUnicode_AsUTF8(PyDict_GetItemString(globals, "names")));
    Py_DECREF(globals);
    Py_RETURN_NONE;
}

static PyMethodDef methods[] = {{"probe", probe, METH_NOARGS, NULL}, {NULL, NULL, 0, NULL}};

static struct PyModuleDef first = {
    PyModuleDef_HEAD_INIT, .m_name = "first", .m_methods = methods};

PyMODINIT_FUNC
PyInit_first(void)
{
    return PyModuleDef_Init(&first);
}

static struct PyModuleDef second = {PyModuleDef_HEAD_INIT, .m_name = "second"};

PyMODINIT_FUNC
PyInit_second(void)
{
    return PyModuleDef_Init(&second);
}
