"""After an uncaught exception, a subinterpreter goes on with its names as they are."""

import report
import subinterpreter

with subinterpreter.Interpreter() as interpreter:
    try:
        interpreter.run("answer = 42; 1 / 0")
    except subinterpreter.Failed as error:
        report.works(f"{error}, then {interpreter.run('print(answer)').strip()}")
