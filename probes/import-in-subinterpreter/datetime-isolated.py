"""``_datetime`` does not load in an isolated subinterpreter of 3.12.

:py:mod:`datetime` can do without this C part of it.
"""

from report import result_of
from subinterpreter import run

result_of(run, "import _datetime; print('loads')", isolated=True)
