"""``sys.is_finalizing()`` is false in a subinterpreter that ends, even in a late ``__del__``.

:since: 3.9
"""

import os

import report
import subinterpreter

reading_end, writing_end = os.pipe()
subinterpreter.run(
    """
import os, sys

class Finalizer:
    def __del__(self, write=os.write, pipe=pipe, modules=sys.modules, flag=sys.is_finalizing):
        write(pipe, f"{len(modules)} modules, finalizing: {flag()}".encode())

target = Finalizer()
""",
    given={"pipe": writing_end},
)
os.close(writing_end)
report.works(os.read(reading_end, 100).decode() or "__del__ is not called")
