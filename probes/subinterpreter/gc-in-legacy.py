"""The garbage collector is enabled and collects a cycle in a legacy interpreter."""

import report
import subinterpreter

report.result_of(
    subinterpreter.run,
    """
import gc, weakref

class Loop:
    pass

loop = Loop()
loop.itself = loop
seen = weakref.ref(loop)
del loop
gc.collect()
print("enabled" if gc.isenabled() else "disabled")
print("collected" if seen() is None else "kept")
""",
)
