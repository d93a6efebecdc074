"""Each interpreter has its own ``sys.stdout`` object, on the same file descriptor."""

import sys

import report
import subinterpreter

inside = subinterpreter.run("import sys; print(id(sys.__stdout__), sys.__stdout__.fileno())")
address, descriptor = map(int, inside.split())
objects = "one object" if address == id(sys.__stdout__) else "two objects"
report.works(f"{objects}, file descriptors {sys.__stdout__.fileno()} and {descriptor}")
