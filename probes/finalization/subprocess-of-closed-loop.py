"""A subprocess of ``asyncio`` that was not waited for says "Event loop is closed" at exit."""

import child
import report

process = child.run(
    """
import asyncio, sys, threading, time

async def main():
    global process
    # It outlives the event loop.
    command = [sys.executable, "-S", "-c", "import time; time.sleep(1)"]
    process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)

asyncio.run(main())
# Up to 3.11 a daemon thread waits for the process, and keeps the object alive.
for _ in range(200):
    if threading.active_count() == 1:
        break
    time.sleep(0.02)
"""
)
errors = [line for line in process.stderr.splitlines() if line.startswith("RuntimeError: ")]
report.say("raises" if errors else "works", errors[0] if errors else "no message")
