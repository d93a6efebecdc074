"""An executor that has a worker takes no work from an ``atexit`` callback either, from 3.9 on.

It says ``cannot schedule new futures after shutdown``, as after its own ``shutdown()``.
"""

import child
import report

report.result_of(
    child.run,
    """
import atexit, concurrent.futures

pool = concurrent.futures.ThreadPoolExecutor(1)
pool.submit(int).result()
atexit.register(lambda: print("result", pool.submit(int).result()))
""",
)
