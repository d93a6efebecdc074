"""Two busy legacy interpreters take turns, but from 3.9 to 3.12 one starves the other.

Each spins in a loop until the other has changed a byte of shared memory. The switch interval is
the usual one; from 3.9 to 3.12 the request to let go of the GIL does not reach a thread that is
in the other interpreter.
"""

from child import run
from report import result_of

PROGRAM = """
from turns import take_turns

take_turns(isolated=False, switch_interval=0.005)
"""

result_of(run, PROGRAM)
