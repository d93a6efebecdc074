"""A thread that outlives the main thread cannot give work to an executor, from 3.9 on.

The callbacks of ``atexit`` have not begun by then: the end of the main thread is enough.
"""

from late_thread import report_late

report_late(
    "return pool.submit(int).result()",
    before="""
import concurrent.futures
pool = concurrent.futures.ThreadPoolExecutor(1)
pool.submit(int).result()
""",
)
