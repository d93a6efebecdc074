"""Use the module of conversion.c, before and after, in several interpreters. CPython 3.11+."""

import gc
import importlib
import sys
import weakref

if sys.version_info >= (3, 13):
    import _interpreters as interpreters
else:
    import _xxsubinterpreters as interpreters

# [ask]
ASK = """
import sys
sys.path[:] = {path}
import {name} as module
print("  type is that of main:", id(module.Tally) == {type})
print("  total at the start:", module.get_total())
"""
# [end]


def run(code, *, isolated):
    """Run the code in a new interpreter; print how it failed, if it did."""
    sys.stdout.flush()
    code += "sys.stdout.flush()"
    if sys.version_info >= (3, 13):
        interpreter = interpreters.create("isolated" if isolated else "legacy")
        failure = interpreters.exec(interpreter, code)
        if failure is not None:
            print(" ", failure.formatted)
    else:
        interpreter = interpreters.create(isolated=isolated)
        try:
            interpreters.run_string(interpreter, code)
        except interpreters.RunFailedError as failure:
            print(" ", str(failure).replace("<class 'ImportError'>", "ImportError"))
    interpreters.destroy(interpreter)


def use(module):
    """Make an object of a subclass, count to 8, and see that the exception is the module's."""
    tally = type("Sub", (module.Tally,), {})(5)
    for _ in range(3):
        count = tally.add()
    try:
        module.Tally(-1)
    except module.TallyError as error:
        print("  main: counted to", count, "-", error)


def is_freed(name):
    """Whether the type goes with the module, when an instance hangs on a subclass of it."""
    module = importlib.import_module(name)
    subclass = type("Sub", (module.Tally,), {})
    subclass.instance = subclass()
    reference = weakref.ref(module.Tally)
    del sys.modules[name], module, subclass
    gc.collect()
    return reference() is None


for name in "tally_before", "tally_after":
    print(name)
    module = importlib.import_module(name)
    use(module)
    for kind in "legacy", "isolated":
        print(f" {kind}")
        code = ASK.format(path=sys.path, name=name, type=id(module.Tally))
        run(code, isolated=kind == "isolated")
    del module
    print("  type is freed with the module:", is_freed(name))
