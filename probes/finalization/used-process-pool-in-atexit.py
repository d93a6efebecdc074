"""A pool of processes that has a worker takes no work from an ``atexit`` callback, from 3.9 on.

Its message is that of a pool after its ``shutdown()``.
"""

import child
import report

report.result_of(
    child.run,
    """
import atexit, concurrent.futures, multiprocessing

context = multiprocessing.get_context("fork")
pool = concurrent.futures.ProcessPoolExecutor(1, mp_context=context)
pool.submit(int).result()
atexit.register(lambda: print("result", pool.submit(int).result()))
""",
)
