"""A thread that outlives the main thread can import modules, open files and start processes."""

from late_thread import report_late

report_late(
    """
import json, os, subprocess
with open(os.devnull, "w") as file:
    json.dump(1, file)
return subprocess.run(["true"]).returncode
"""
)
