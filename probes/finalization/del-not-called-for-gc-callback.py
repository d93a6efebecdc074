"""A function of ``__main__`` in ``gc.callbacks`` keeps every global alive: no ``__del__``."""

import child
import report

process = child.run(
    """
import gc, os

class Finalizer:
    def __del__(self, write=os.write):
        write(1, b"called")

target = Finalizer()
gc.callbacks.append(lambda phase, info: None)
"""
)
assert process.status == 0
report.works(f"__del__ is {process.stdout or 'not called'}")
