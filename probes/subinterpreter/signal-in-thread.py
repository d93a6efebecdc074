"""A thread that is not the main thread cannot set a signal handler."""

import concurrent.futures
import signal

import report

with concurrent.futures.ThreadPoolExecutor(1) as pool:
    future = pool.submit(signal.signal, signal.SIGTERM, signal.SIG_DFL)
    report.result_of(future.result)
