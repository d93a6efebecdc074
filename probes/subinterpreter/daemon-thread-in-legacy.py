"""A daemon thread can be started in a legacy interpreter."""

import report
import subinterpreter

report.result_of(
    subinterpreter.run,
    """
import threading

thread = threading.Thread(target=print, args=("the daemon thread runs",), daemon=True)
thread.start()
thread.join()
""",
)
