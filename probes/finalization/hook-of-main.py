"""A function of ``__main__`` as ``sys.unraisablehook`` is not called for a late ``__del__``.

It keeps the globals of ``__main__`` alive until ``sys`` is emptied, so the hook and ``sys.stderr``
have gone when the ``__del__`` raises.
"""

import child
import report

process = child.run(
    """
import os, sys

def hook(unraisable, write=os.write):
    write(1, b"hook\\n")

class Finalizer:
    def __del__(self, write=os.write):
        write(1, b"__del__ is called\\n")
        raise ValueError("x")

sys.unraisablehook = hook
target = Finalizer()
"""
)
seen = process.stdout.splitlines()
report.works(", ".join(seen + (process.stderr.splitlines() or ["no message"])))
