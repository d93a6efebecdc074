"""``sys.exit()`` in a subinterpreter does not end the process: the caller sees an exception.

In legacy and isolated interpreters alike.
"""

import subinterpreter
from kinds import result_of_each

result_of_each(
    subinterpreter.run,
    """
import sys

sys.exit(3)
""",
)
