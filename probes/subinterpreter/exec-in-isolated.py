"""``os.execve()`` in an isolated interpreter raises from 3.12 on."""

import report
import subinterpreter

report.result_of(
    subinterpreter.run,
    """
import os, sys

program = "import report; report.works('a new program runs')"
os.environ["PYTHONPATH"] = os.pathsep.join(sys.path)
os.execve(sys.executable, [sys.executable, "-c", program], os.environ)
""",
    isolated=True,
)
