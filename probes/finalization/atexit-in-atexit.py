"""An ``atexit`` callback registered by another ``atexit`` callback is dropped."""

import child
import report

report.result_of(
    child.run,
    """
import atexit

atexit.register(lambda: atexit.register(print, "the inner one is called"))
atexit.register(print, "the outer one is called")
""",
)
