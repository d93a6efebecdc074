"""In a thread that outlives the main thread an executor without workers is refused, too, from 3.9.

The message is another one: ``after interpreter shutdown``.
"""

from late_thread import report_late

report_late(
    "return pool.submit(int).result()",
    before="""
import concurrent.futures
pool = concurrent.futures.ThreadPoolExecutor(1)
""",
)
