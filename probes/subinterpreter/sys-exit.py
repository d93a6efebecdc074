"""``sys.exit()`` in a subinterpreter does not end the process: the caller sees an exception."""

import report
import subinterpreter

report.result_of(
    subinterpreter.run,
    """
import sys

sys.exit(3)
""",
)
