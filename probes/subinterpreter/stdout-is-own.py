"""Each interpreter has its own ``sys.stdout`` object, on the same file descriptor.

In legacy and isolated interpreters alike.
"""

import sys

import subinterpreter
from kinds import result_of_each


def compare(isolated):
    program = "import sys; print(id(sys.__stdout__), sys.__stdout__.fileno())"
    address, descriptor = map(int, subinterpreter.run(program, isolated=isolated).split())
    objects = "one object" if address == id(sys.__stdout__) else "two objects"
    return f"{objects}, file descriptors {sys.__stdout__.fileno()} and {descriptor}"


result_of_each(compare)
