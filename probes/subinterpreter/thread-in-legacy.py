"""A thread can be started in a legacy interpreter."""

import report
import subinterpreter

report.result_of(
    subinterpreter.run,
    """
import threading

thread = threading.Thread(target=print, args=("the thread runs",))
thread.start()
thread.join()
""",
)
