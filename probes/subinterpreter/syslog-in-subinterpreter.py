"""``syslog.openlog()`` works in a subinterpreter up to 3.11 and raises from 3.12 on."""

import report
import subinterpreter

report.result_of(
    subinterpreter.run,
    """
import syslog

syslog.openlog("probe")
print("the log is open")
""",
)
