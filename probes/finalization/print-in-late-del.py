"""``print()`` works in a late ``__del__``."""

import child
import report

report.result_of(
    child.run,
    """
class Finalizer:
    def __del__(self):
        print("printed by __del__")

target = Finalizer()
""",
)
