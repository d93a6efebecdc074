"""Ask the modules of module_lookup.c for their index, state and module (CPython 3.8 to 3.15)."""

import importlib
import sys

import lookup_multi
import lookup_single


def which(found, first, second):
    return {None: "NULL", first: "first module", second: "second module"}[found]


def answer(function):
    try:
        return "found" if function() is lookup_multi else "wrong module"
    except TypeError as error:
        return f"TypeError: {error}"


# report
def report():
    for first in lookup_single, lookup_multi:
        name = first.__name__
        first.count()
        del sys.modules[name]
        second = importlib.import_module(name)
        print(name)
        print("  index above 0:", first.get_index() > 0)
        print("  index as in main:", first.get_index() == indexes[name])
        print("  calls counted by first and second:", first.count(), second.count())
        print("  first asks PyState_FindModule:", which(first.find(), first, second))
        sys.modules[name] = first


def report_types():
    if not hasattr(lookup_multi, "Thing"):
        return
    for cls in lookup_multi.Thing, type("Sub", (lookup_multi.Thing,), {}):
        thing = cls()
        print(f"from an instance of {cls.__name__}")
        print("  PyType_GetModule(Py_TYPE(self)):", answer(thing.by_type))
        print("  defining class:", answer(thing.by_class))
        if callable(thing):
            print("  PyType_GetModuleByDef:", answer(thing))


# end report
def run(code, isolated=False):
    """Run the code in a new subinterpreter."""
    sys.stdout.flush()
    code = f"import sys; sys.path[:] = {sys.path}; {code}; sys.stdout.flush()"
    if sys.version_info >= (3, 13):
        import _interpreters

        interpreter = _interpreters.create("isolated" if isolated else "legacy")
        failure = _interpreters.exec(interpreter, code)
        _interpreters.destroy(interpreter)
        if failure is not None:
            print(failure.formatted)
        return
    import _xxsubinterpreters

    options = {"isolated": isolated} if sys.version_info >= (3, 9) else {}
    interpreter = _xxsubinterpreters.create(**options)
    try:
        _xxsubinterpreters.run_string(interpreter, code)
    except _xxsubinterpreters.RunFailedError as failure:
        print(str(failure).replace("<class 'ImportError'>", "ImportError"))
    finally:
        _xxsubinterpreters.destroy(interpreter)


if __name__ == "__main__":
    indexes = {m.__name__: m.get_index() for m in (lookup_single, lookup_multi)}
    print("MAIN INTERPRETER")
    report()
    report_types()
    print("LEGACY SUBINTERPRETER")
    run(f"import runpy; runpy.run_path({__file__!r}, {{'indexes': {indexes}}}, 'sub')['report']()")
    if sys.version_info >= (3, 9):
        print("ISOLATED SUBINTERPRETER")
        for name in "lookup_multi", "lookup_single":
            run(f"import {name}; print('{name} imported')", isolated=True)
