"""``logging`` to a file works in a late ``__del__`` from 3.10 on; on 3.8 and 3.9 ``open`` is gone.

The handler's stream is closed at exit, and the handler opens it again.
"""

import child
import report

process = child.run(
    """
import logging, os

logging.basicConfig(filename="late.log")

class Finalizer:
    def __del__(self, write=os.write):
        logging.error("too late")
        write(1, b"it returns")

target = Finalizer()
"""
)
errors = [line for line in process.stderr.splitlines() if "Error: " in line]
if errors:
    report.say("raises", errors[-1])
else:
    report.ending(process)
