"""``sys.unraisablehook`` of the program is called for an exception in a late ``__del__``.

The hook is not a function of ``__main__``: see ``hook-of-main``.
"""

import child
import report

report.result_of(
    child.run,
    """
import os, sys

class Finalizer:
    def __del__(self):
        raise ValueError("x")

library = {}
exec('''
def hook(unraisable):
    write(1, type(unraisable.exc_value).__name__.encode())
''', library)
library["write"] = os.write
sys.unraisablehook = library["hook"]
target = Finalizer()
""",
)
