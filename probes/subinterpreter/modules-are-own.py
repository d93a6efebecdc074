"""``sys.modules`` and the modules in it belong to one interpreter."""

import json

import report
import subinterpreter

json.answer = 42
report.result_of(
    subinterpreter.run,
    """
import sys

print("json is not there yet" if "json" not in sys.modules else "json is there")
import json
print("another module" if not hasattr(json, "answer") else "the same module")
""",
)
