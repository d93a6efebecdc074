"""A subinterpreter can make and run a further one."""

import report
import subinterpreter

report.result_of(
    subinterpreter.run,
    """
import subinterpreter

print(subinterpreter.run("print('the inner one runs')"))
""",
)
