"""After an uncaught exception, a subinterpreter of any kind goes on with its names as they are."""

import subinterpreter
from kinds import result_of_each


def fail(isolated):
    with subinterpreter.Interpreter(isolated=isolated) as interpreter:
        try:
            interpreter.run("answer = 42; 1 / 0")
        except subinterpreter.Failed as error:
            return f"{error}, then {interpreter.run('print(answer)')}"


result_of_each(fail)
