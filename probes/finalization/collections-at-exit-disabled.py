"""``gc.disable()`` saves one of the collections at exit; the others run all the same."""

import child
import report

process = child.run("import gc; gc.disable(); gc.set_debug(gc.DEBUG_STATS)")
report.works(f"{process.stderr.count('collecting generation')} collections")
