"""A ``weakref.finalize`` callback runs before the finalizing flag is set, in ``atexit``."""

import child
import report

report.result_of(
    child.run,
    """
import sys, weakref

class Target:
    pass

def tell():
    print("called, finalizing:", sys.is_finalizing())

target = Target()
weakref.finalize(target, tell)
""",
)
