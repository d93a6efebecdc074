"""A module that an isolated interpreter has refused is refused again when it is imported again."""

import report
import subinterpreter

report.result_of(
    subinterpreter.run,
    """
seen = []
for attempt in range(3):
    try:
        import faulthandler
    except ImportError:
        seen.append("refused")
    else:
        seen.append("imported")
print(*seen)
""",
    isolated=True,
)
