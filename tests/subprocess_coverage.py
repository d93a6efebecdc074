"""Which processes that tests start count what they run as covered: those that are given this.

A build would take twice as long, and is not what is measured.
"""

from __future__ import annotations

import os

__all__ = ["COVERAGE"]

#: Variables that have a Python process measure itself; empty where nothing is measured. They are
#: taken out of the environment here, which `conftest` has done before any process is started.
COVERAGE = {name: os.environ.pop(name) for name in list(os.environ) if name.startswith("COVERAGE_")}
