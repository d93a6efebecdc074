"""``faulthandler`` does not load in an isolated subinterpreter since 3.12."""

from report import result_of
from subinterpreter import run

result_of(run, "import faulthandler; print('loads')", isolated=True)
