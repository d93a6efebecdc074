"""Two legacy interpreters never run at the same time, in any version: they share the GIL.

Each spins in a loop until the other has changed a byte of shared memory. With a switch interval
of an hour nobody is made to let go of the GIL, and the first to spin never sees a change.
"""

from child import run
from report import result_of

PROGRAM = """
from turns import take_turns

take_turns(isolated=False, switch_interval=3600)
"""

result_of(run, PROGRAM)
