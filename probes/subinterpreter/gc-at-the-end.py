"""The end of a subinterpreter collects a cycle that is left, and calls its finalizer."""

import os

import report
import subinterpreter

reading_end, writing_end = os.pipe()
subinterpreter.run(
    """
import gc, os

gc.disable()  # no collection before the end

class Loop:
    def __del__(self, write=os.write, pipe=pipe):
        write(pipe, b"the finalizer runs")

loop = Loop()
loop.itself = loop
del loop
""",
    given={"pipe": writing_end},
)
os.close(writing_end)
report.works(os.read(reading_end, 100).decode() or "the finalizer does not run")
