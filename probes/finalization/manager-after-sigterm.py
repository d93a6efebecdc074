"""The process of a ``multiprocessing`` manager outlives a parent that ``SIGTERM`` kills."""

import child
import report

PROGRAM = """
import multiprocessing, os, select, signal, sys, time

reader, writer = os.pipe()
if os.fork() == 0:
    HANDLER
    manager = multiprocessing.get_context("fork").Manager()
    os.write(writer, b"%d\\n" % manager._process.pid)
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(60)
os.close(writer)  # the manager has the last one
os.wait()
process = int(os.read(reader, 100))
lives = not select.select([reader], [], [], 0.5)[0]
if lives:
    os.kill(process, signal.SIGKILL)
print("lives on" if lives else "ends")
"""
HANDLER = "signal.signal(signal.SIGTERM, lambda number, frame: sys.exit())"


def outcome(handler):
    return child.run(PROGRAM.replace("HANDLER", handler)).stdout.strip()


report.works(f"it {outcome('pass')}; if the parent has a handler that exits, it {outcome(HANDLER)}")
