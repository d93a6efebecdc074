"""A second import of ``sys`` makes a new module with the same functions.

Python itself is not disturbed: it has its own reference to the first one.
"""

import sys as first

from report import works

del first.modules["sys"]
import sys as second

module = "the same module" if second is first else "a new module"
works(f"{module}, {'the same' if second.exit is first.exit else 'a new'} exit()")
