"""A thread that outlives the main thread can start another one, except on 3.12.0 to 3.12.2."""

from late_thread import report_late

report_late(
    """
thread = threading.Thread(target=int)
thread.start()
thread.join()
return "started and joined"
"""
)
