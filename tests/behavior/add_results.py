"""Add ten results to a file, one after the other: ``add_results.py FILE NAME``."""

import sys
from pathlib import Path

from sphinx_snapshots.behavior.model import Observation, Outcome, Version
from sphinx_snapshots.behavior.snapshot import Results, Run, update

RUN = Run(Observation(Outcome.WORKS, "x"), "0123456789abcdef")

for number in range(10):
    added = Results({f"{sys.argv[2]}-{number}": {Version("3.13.0"): RUN}})
    update(Path(sys.argv[1]), added.merge)
