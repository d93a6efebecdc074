"""An executor takes no work from an ``atexit`` callback, from 3.9 on."""

import child
import report

report.result_of(
    child.run,
    """
import atexit, concurrent.futures

pool = concurrent.futures.ThreadPoolExecutor(1)
atexit.register(lambda: print("result", pool.submit(int).result()))
""",
)
