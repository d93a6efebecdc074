"""Run a command without the packages of the extra; print what of the network it has loaded."""

import importlib
import sys

sys.modules["filelock"] = None  # type: ignore[assignment]  # as if it were not installed

command = importlib.import_module("sphinx_snapshots.refstatus.__main__")
status = command.main(sys.argv[1:])
network = {f"sphinx_snapshots.refstatus.refresh.{name}" for name in ("ask", "github", "http")}
print("loaded:", *network & sys.modules.keys())  # noqa: T201  a program
sys.exit(status)
