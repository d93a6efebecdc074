"""An instance of one copy of ``_random.Random`` is no instance of the other since 3.9."""

import _random as first
import sys

from report import works

del sys.modules["_random"]
import _random as second

works("an instance" if isinstance(first.Random(), second.Random) else "no instance")
