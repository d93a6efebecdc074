"""``_lzma`` loads in an isolated subinterpreter."""

from report import absent, result_of
from subinterpreter import run

try:
    import _lzma  # noqa: F401  to see whether this Python was built with it
except ImportError:
    absent("no _lzma")
else:
    result_of(run, "import _lzma; print('loads')", isolated=True)
