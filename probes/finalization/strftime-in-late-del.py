"""``datetime.strftime()`` fails in a late ``__del__`` where it is called for the first time."""

import child
import report

report.result_of(
    child.run,
    """
import datetime, os

class Finalizer:
    def __del__(self, now=datetime.datetime(2020, 10, 6), write=os.write):
        write(1, now.strftime("%Y").encode())

target = Finalizer()
""",
)
