"""The callback of a ``weakref.ref`` kept by ``__main__`` is not called when ``__main__`` goes."""

import child
import report

process = child.run(
    """
import os, weakref

class Target:
    pass

target = Target()
reference = weakref.ref(target, lambda _, write=os.write: write(1, b"called"))
"""
)
assert process.status == 0
report.works(f"the callback is {process.stdout or 'not called'}")
