"""An interned string is shared up to 3.11, and belongs to an isolated interpreter since 3.12.

A legacy interpreter has its own in the first releases of 3.12 and 3.13, and the one of the main
interpreter from 3.12.8, 3.13.1 and 3.14 on.
"""

from identity import report_identity

report_identity('sys.intern("".join(["made at ", "run time"]))')
