"""A list cannot be handed to a subinterpreter by the private modules: it is not shareable.

Neither to a legacy nor to an isolated one.
"""

import subinterpreter
from kinds import result_of_each


def give(isolated):
    with subinterpreter.Interpreter(isolated=isolated) as interpreter:
        interpreter.give(numbers=[1, 2])
        return interpreter.run("print(numbers)")


result_of_each(give)
