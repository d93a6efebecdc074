"""``sys.modules`` and the modules in it belong to one interpreter, legacy or isolated."""

import json

import subinterpreter
from kinds import result_of_each

json.answer = 42
result_of_each(
    subinterpreter.run,
    """
import sys

print("json is not there yet" if "json" not in sys.modules else "json is there")
import json
print("another module" if not hasattr(json, "answer") else "the same module")
""",
)
