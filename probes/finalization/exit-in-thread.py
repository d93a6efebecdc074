"""``sys.exit()`` in a thread ends that thread only, in silence; the exit status is not its own."""

import child
import report

process = child.run(
    """
import sys, threading

thread = threading.Thread(target=sys.exit, args=(3,))
thread.start()
thread.join()
print("the main thread goes on")
"""
)
report.works(f"{process.stdout.strip()}, exit status {process.status}{process.stderr}")
