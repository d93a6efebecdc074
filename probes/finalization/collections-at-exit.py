"""The garbage collector runs four times while ``python`` exits, three times before 3.10."""

import child
import report

process = child.run("import gc; gc.set_debug(gc.DEBUG_STATS)")
report.works(f"{process.stderr.count('collecting generation')} collections")
