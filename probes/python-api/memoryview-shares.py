"""A ``memoryview`` passed to a subinterpreter shares its buffer.

With legacy and isolated interpreters alike.

:since: 3.14
"""

import subinterpreter
from kinds import result_of_each


def write(isolated):
    buffer = bytearray(b"hare")
    with subinterpreter.Interpreter(isolated=isolated) as interpreter:
        interpreter.give(view=memoryview(buffer))
        interpreter.run("view[:] = b'rare'")
    return f"main sees {bytes(buffer).decode()!r}"


result_of_each(write)
