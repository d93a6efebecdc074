"""``signal.signal()`` in a legacy interpreter raises :py:exc:`ValueError`."""

import report
import subinterpreter

report.result_of(
    subinterpreter.run,
    """
import signal

signal.signal(signal.SIGUSR1, signal.SIG_IGN)
print("the handler is set")
""",
)
