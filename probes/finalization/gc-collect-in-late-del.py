"""``gc.collect()`` in a late ``__del__`` does nothing: a collection is under way already."""

import child
import report

report.result_of(
    child.run,
    """
import gc, os

class Finalizer:
    def __del__(self, write=os.write, collect=gc.collect):
        loop = []
        loop.append(loop)
        del loop
        write(1, f"collected {collect()}\\n".encode())

target = Finalizer()
""",
)
