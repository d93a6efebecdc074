"""A file that a global still holds at exit is reported by a ResourceWarning, if these are shown."""

import child
import report

process = child.run('kept = open("/dev/null")', options=["-W", "default"])
warned = "ResourceWarning: unclosed file" in process.stderr
report.works("unclosed file" if warned else "no warning")
