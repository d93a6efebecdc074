"""An attribute set on one copy of ``_random.Random`` is not seen on the other, from 3.9 to 3.14.

In 3.8 the type is static, in 3.15 it is immutable: then no attribute can be set.
"""

import _random as first
import sys

from report import result_of

del sys.modules["_random"]
import _random as second


def set_on_first():
    first.Random.x = 1
    return "seen on both" if hasattr(second.Random, "x") else "seen on one only"


result_of(set_on_first)
