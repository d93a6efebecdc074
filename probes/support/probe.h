/* What the probes in C share: the line that tells an outcome, imports, and subinterpreters. */

#ifndef PROBE_H
#define PROBE_H

#include <Python.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Print the one line of a probe: a JSON object with the outcome and, as of printf(), its detail. */
static inline void
report_outcome(const char *outcome, const char *format, va_list arguments)
{
    char detail[1000];
    vsnprintf(detail, sizeof(detail), format, arguments);
    printf("{\"outcome\": \"%s\", \"detail\": \"", outcome);
    for (const char *c = detail; *c != '\0'; c++) {
        if (*c == '"' || *c == '\\') {
            putchar('\\');
        }
        putchar((unsigned char)*c < ' ' ? ' ' : *c);
    }
    printf("\"}\n");
    fflush(stdout);
}

/* Report what was seen, as a short phrase. */
static inline void __attribute__((format(printf, 1, 2)))
report_works(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    report_outcome("works", format, arguments);
    va_end(arguments);
}

/* Report what this interpreter does not have. */
static inline void __attribute__((format(printf, 1, 2)))
report_absent(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    report_outcome("absent", format, arguments);
    va_end(arguments);
}

/* Report an error that is told by its text, as that of a PyStatus. */
static inline void __attribute__((format(printf, 1, 2)))
report_raises(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    report_outcome("raises", format, arguments);
    va_end(arguments);
}

/* Report the exception that is set, and clear it. */
static inline void
report_exception(void)
{
    PyObject *type, *value, *traceback;
    PyErr_Fetch(&type, &value, &traceback);
    PyErr_NormalizeException(&type, &value, &traceback);
    PyObject *text = PyObject_Str(value);
    report_raises("%s: %s", ((PyTypeObject *)type)->tp_name, PyUnicode_AsUTF8(text));
    Py_XDECREF(text);
    Py_XDECREF(type);
    Py_XDECREF(value);
    Py_XDECREF(traceback);
}

/* Return the object; if it is NULL, print the exception and end the process as failed. */
static inline PyObject *
must(PyObject *object)
{
    if (object == NULL) {
        PyErr_Print();
        exit(1);
    }
    return object;
}

/* Remove the module from sys.modules, if it is there, and import it: a new reference or NULL. */
static inline PyObject *
import_again(const char *name)
{
    PyObject *modules = PyImport_GetModuleDict();
    if (PyMapping_HasKeyString(modules, name) && PyMapping_DelItemString(modules, name) < 0) {
        return NULL;
    }
    return PyImport_ImportModule(name);
}

/* The kinds of subinterpreters. */
enum kind {
    LEGACY,     /* as Py_NewInterpreter() makes it */
    ISOLATED,   /* with all restrictions and the shared GIL; since 3.9 */
    OWN_GIL,    /* with all restrictions and a GIL of its own; since 3.12 */
};

static inline int
kind_exists(enum kind kind)
{
    return kind == LEGACY || PY_VERSION_HEX >= (kind == ISOLATED ? 0x03090000 : 0x030C0000);
}

/* Make a subinterpreter and enter it. Return its thread state, which is attached now. */
static inline PyThreadState *
enter_interpreter(enum kind kind)
{
    /* It shall import from where the caller imports. */
    PyObject *path = must(PyObject_Repr(PySys_GetObject("path")));
    PyObject *code = must(PyUnicode_FromFormat("import sys; sys.path[:] = %U", path));
    char *set_path = strdup(PyUnicode_AsUTF8(code));
    Py_DECREF(path);
    Py_DECREF(code);

    PyThreadState *inside = NULL;
#if PY_VERSION_HEX >= 0x030C0000
    PyInterpreterConfig config = {
        .use_main_obmalloc = kind != OWN_GIL,
        .allow_fork = kind == LEGACY,
        .allow_exec = kind == LEGACY,
        .allow_threads = 1,
        .allow_daemon_threads = kind == LEGACY,
        .check_multi_interp_extensions = kind != LEGACY,
        .gil = kind == OWN_GIL ? PyInterpreterConfig_OWN_GIL : PyInterpreterConfig_SHARED_GIL,
    };
    PyStatus status = Py_NewInterpreterFromConfig(&inside, &config);
    if (PyStatus_Exception(status)) {
        Py_ExitStatusException(status);
    }
#elif PY_VERSION_HEX >= 0x03090000
    inside = _Py_NewInterpreter(kind != LEGACY);
#else
    (void)kind;
    inside = Py_NewInterpreter();
#endif
    if (inside == NULL || PyRun_SimpleString(set_path) < 0) {
        exit(1);
    }
    free(set_path);
    return inside;
}

/* End the subinterpreter that was entered, and go back to the caller's thread state. */
static inline void
leave_interpreter(PyThreadState *inside, PyThreadState *caller)
{
    Py_EndInterpreter(inside);
    PyThreadState_Swap(caller);
}

/* Import the module in a subinterpreter of each kind, and report what happens in each. */
static inline void
report_imports(const char *name)
{
    static const char *const kinds[] = {"legacy", "isolated", "own GIL"};
    char seen[200] = "";
    for (int kind = LEGACY; kind <= OWN_GIL; kind++) {
        if (!kind_exists(kind)) {
            continue;
        }
        PyThreadState *caller = PyThreadState_Get();
        PyThreadState *inside = enter_interpreter(kind);
        PyObject *module = PyImport_ImportModule(name);
        PyObject *error = PyErr_Occurred();
        size_t length = strlen(seen);
        snprintf(seen + length, sizeof(seen) - length, "%s%s: %s", length ? ", " : "", kinds[kind],
                 error == NULL ? "loads" : ((PyTypeObject *)error)->tp_name);
        PyErr_Clear();
        Py_XDECREF(module);
        leave_interpreter(inside, caller);
    }
    report_works("%s", seen);
}

#endif
