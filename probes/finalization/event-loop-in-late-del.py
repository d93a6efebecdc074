"""A new event loop of ``asyncio`` cannot be made in a late ``__del__``."""

import child
import report

report.result_of(
    child.run,
    """
import asyncio, os

class Finalizer:
    def __del__(self, make=asyncio.new_event_loop, write=os.write):
        make().close()
        write(1, b"made")

target = Finalizer()
""",
)
