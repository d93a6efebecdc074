"""On 3.9 a literal ``0`` is shared in code that has an import statement, as no other integer is.

The statement brings a zero of the main interpreter with it, and equal constants of one code object
are one object. Without the statement, each interpreter has its own zero on 3.9 and 3.10.
"""

from report import works
from subinterpreter import Interpreter

with Interpreter() as interpreter:
    plain = int(interpreter.run("print(id(0))"))
    beside_import = int(interpreter.run("import sys\nprint(id(0))"))
zero = int("0")
answers = ["shared" if other == id(zero) else "own in each" for other in (plain, beside_import)]
works(f"{answers[0]}, beside an import: {answers[1]}")
