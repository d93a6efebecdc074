"""A message logged in an ``atexit`` callback to a stream that was closed is reported as an error.

So it goes with a test runner that replaces ``sys.stderr`` for a while: the handler keeps the stream
it was made with. It writes ``--- Logging error ---`` and the exception; the exit status stays 0.
"""

import child
import report

process = child.run(
    """
import atexit, io, logging, sys

captured = sys.stderr = io.StringIO()
logging.basicConfig()
sys.stderr = sys.__stderr__
captured.close()
atexit.register(logging.error, "at exit")
"""
)
errors = [line for line in process.stderr.splitlines() if line.startswith("ValueError: ")]
report.say("raises" if errors else "works", errors[0] if errors else "the message is written")
