"""``logging`` to standard error works in a late ``__del__``."""

import child
import report

process = child.run(
    """
import logging

logging.basicConfig()

class Finalizer:
    def __del__(self):
        logging.error("too late")

target = Finalizer()
"""
)
if process.stderr == "ERROR:root:too late\n":
    report.works("the message is written")
else:
    report.ending(process)
