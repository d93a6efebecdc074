"""A thread in an interpreter that nobody closed is fatal at exit, up to 3.12; from 3.14 on it ends.

On 3.13 the process hangs.
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
