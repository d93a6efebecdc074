"""At exit a process of ``multiprocessing`` is waited for, or ended if it is a daemon."""

import child
import report

report.result_of(
    child.run,
    """
import atexit, multiprocessing, os, time

def work(seconds, word):
    time.sleep(seconds)
    os.write(1, word)

atexit.register(os.write, 1, b"; callback registered before multiprocessing")
context = multiprocessing.get_context("fork")
import multiprocessing.util
context.Process(target=work, args=(0.3, b"joined")).start()
context.Process(target=work, args=(60, b"not killed"), daemon=True).start()
""",
)
