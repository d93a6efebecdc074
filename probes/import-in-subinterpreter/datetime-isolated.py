"""``_datetime`` does not load in an isolated subinterpreter of 3.12.

The main interpreter imports it first, as without that a ``_datetime`` that is built in would load
(``built-in-single-phase``). :py:mod:`datetime` can do without this C part of it.
"""

import _datetime  # noqa: F401

from report import result_of
from subinterpreter import run

result_of(run, "import _datetime; print('loads')", isolated=True)
