"""A second import of ``_random`` makes a new type ``Random`` since 3.9.

In 3.8 the type is static, and both modules have it.
"""

import _random as first
import sys

from report import works

del sys.modules["_random"]
import _random as second

module = "the same module" if second is first else "a new module"
works(f"{module}, {'the same type' if second.Random is first.Random else 'a new type'}")
