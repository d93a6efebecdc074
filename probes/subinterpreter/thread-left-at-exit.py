"""A thread of an interpreter that Python code never closed: what becomes of it at exit.

Up to 3.12 it is a fatal error, on 3.13 the process hangs, later the thread is waited for.
"""

import child
import report

report.result_of(
    child.run,
    """
from left_thread import Left

left = Left(isolated=False, last="os.write(1, b'the thread ends')")
""",
)
