"""An exception in an ``atexit`` callback goes to ``sys.unraisablehook`` since 3.10.

Up to 3.9 it is printed without a hook.
"""

import child
import report

process = child.run(
    """
import atexit, sys

sys.unraisablehook = lambda unraisable: print("unraisablehook")
sys.excepthook = lambda *exception: print("excepthook")
atexit.register(int, "x")
"""
)
report.works(process.stdout.strip() or "no hook")
