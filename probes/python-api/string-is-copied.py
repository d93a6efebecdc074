"""A string passed to another interpreter arrives as another object, with an equal value.

In legacy and isolated interpreters alike.
"""

import subinterpreter
from kinds import result_of_each


def compare(isolated):
    word = "".join(["ha", "re"])  # not a constant, which might be interned
    with subinterpreter.Interpreter(isolated=isolated) as interpreter:
        interpreter.give(word=word)
        address, value = interpreter.run("print(id(word), word)").split()
    same = "the same" if int(address) == id(word) else "another"
    return f"{same} object, {'equal' if value == word else 'not equal'}"


result_of_each(compare)
