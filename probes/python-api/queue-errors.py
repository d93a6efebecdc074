"""The errors of a queue are called ``QueueEmpty`` and ``QueueFull``.

:since: 3.14
"""

from concurrent import interpreters

import report

names = [name for name in dir(interpreters) if name.startswith("Queue") and name != "Queue"]
report.works(", ".join(names))
