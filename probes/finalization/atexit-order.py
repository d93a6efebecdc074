"""``atexit`` callbacks run last registered first."""

import child
import report

report.result_of(
    child.run,
    """
import atexit

atexit.register(print, "registered first")
atexit.register(print, "registered last")
""",
)
