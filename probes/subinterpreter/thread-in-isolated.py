"""A thread can be started in an isolated interpreter from 3.12 on; before, that raises."""

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
    isolated=True,
)
