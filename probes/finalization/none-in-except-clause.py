"""An ``except`` clause in a late ``__del__`` fails if its class was set to None."""

import child
import report

report.result_of(
    child.run,
    """
import sys, types

library = types.ModuleType("library")
exec('''
class Missing(Exception):
    pass

class Resource:
    def __del__(self):
        try:
            1 / 0
        except Missing:
            pass

resource = Resource()
''', library.__dict__)
sys.modules["library"] = sys.kept = library
""",
)
