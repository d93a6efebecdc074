"""An ``atexit`` callback that a forked process of ``multiprocessing`` registers runs since 3.13."""

import child
import report

report.result_of(
    child.run,
    """
import atexit, multiprocessing, os

def work():
    atexit.register(os.write, 1, b"callback")

process = multiprocessing.get_context("fork").Process(target=work)
process.start()
process.join()
os.write(1, b"; ends")
""",
)
