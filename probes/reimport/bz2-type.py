"""A second import of ``_bz2`` makes a new type since 3.10, a year after it became multi-phase.

In 3.9 the module is multi-phase, with static types.
"""

import sys

from report import absent, works

try:
    import _bz2 as first
except ImportError:
    absent("no _bz2")
else:
    del sys.modules["_bz2"]
    import _bz2 as second

    same = second.BZ2Compressor is first.BZ2Compressor
    module = "the same module" if second is first else "a new module"
    works(f"{module}, {'the same type' if same else 'a new type'}")
