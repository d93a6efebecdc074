"""``SIGTERM`` runs the ``atexit`` callbacks if a handler turns it into ``sys.exit()``."""

import child
import report

report.result_of(
    child.run,
    """
import atexit, os, signal, sys

atexit.register(print, "callback")
signal.signal(signal.SIGTERM, lambda number, frame: sys.exit())
os.kill(os.getpid(), signal.SIGTERM)
print("not reached")
""",
)
