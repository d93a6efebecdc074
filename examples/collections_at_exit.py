"""Each garbage collection while Python exits announces itself."""

import subprocess
import sys

PROGRAM = "import gc; gc.set_debug(gc.DEBUG_STATS)"

process = subprocess.run([sys.executable, "-c", PROGRAM], stderr=subprocess.PIPE, text=True)
print(*[line for line in process.stderr.splitlines() if "collecting" in line], sep="\n")
