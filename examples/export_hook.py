"""Import a module that has an export hook and no PyModuleDef (export_hook.c; CPython 3.15)."""

import sys
from concurrent import interpreters

import hooked as first

del sys.modules["hooked"]
import hooked as second

print("same module:", second is first)
print("has a PyModuleDef:", first.has_definition())
print("calls counted by first:", first.count(), first.count())
print("calls counted by second:", second.count())

interpreter = interpreters.create()  # isolated, with a GIL of its own
interpreter.prepare_main(path=tuple(sys.path))
interpreter.exec("import sys; sys.path[:] = path; import hooked")
print("calls counted in a subinterpreter:", interpreter.call(eval, "hooked.count()"))
interpreter.close()
