"""With ``PYTHONUNBUFFERED``, ``sys.stdout`` has no buffer with a lock below it."""

import child
import report

report.result_of(
    child.run,
    "import sys; print(type(sys.stdout.buffer).__name__)",
    environment={"PYTHONUNBUFFERED": "1"},
)
