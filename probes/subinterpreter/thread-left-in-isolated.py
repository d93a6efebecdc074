"""A thread that still runs when Python closes an isolated interpreter is waited for.

That is since 3.12. Before, an isolated interpreter cannot start a thread.
"""

import report
from left_thread import Left

report.result_of(lambda: Left(isolated=True).interpreter.close())
