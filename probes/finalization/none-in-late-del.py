"""A ``__del__`` that calls a function of its module, which finalization has set to None, fails.

The module is a library whose object something keeps alive.
"""

import child
import report

report.result_of(
    child.run,
    """
import sys, types

library = types.ModuleType("library")
exec('''
def release():
    pass

class Resource:
    def __del__(self):
        release()

resource = Resource()
''', library.__dict__)
sys.modules["library"] = sys.kept = library
""",
)
