"""``datetime.strptime()`` fails in a late ``__del__`` where it is called for the first time.

It imports its other half only then.
"""

import child
import report

report.result_of(
    child.run,
    """
import datetime, os

class Finalizer:
    def __del__(self, strptime=datetime.datetime.strptime, write=os.write):
        write(1, str(strptime("2020", "%Y").year).encode())

target = Finalizer()
""",
)
