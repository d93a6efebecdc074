"""Two isolated interpreters run pure Python code at the same time since 3.12.

Each spins in a loop until the other has changed a byte of shared memory, 20 times in all. With a
switch interval of an hour nobody is made to let go of a GIL, so with a shared GIL, as in 3.9 to
3.11, the first to spin never sees a change.

:since: 3.9
"""

from child import run
from report import result_of

PROGRAM = """
from turns import take_turns

take_turns(isolated=True, switch_interval=3600)
"""

result_of(run, PROGRAM)
