"""``warnings.warn()`` works in a late ``__del__``, if the module was imported before."""

import child
import report

process = child.run(
    """
import warnings

class Finalizer:
    def __del__(self):
        warnings.warn("too late")

target = Finalizer()
"""
)
shown = "UserWarning: too late" in process.stderr
if shown:
    report.works("the warning is shown")
else:
    report.ending(process)
