"""A memoryview hands a task of a pool of interpreters the memory of an array, without a copy.

:since: 3.14
"""

from array import array
from concurrent.futures import InterpreterPoolExecutor

import report

if __name__ == "__main__":
    numbers = array("d", [1.5, 2.5])
    with InterpreterPoolExecutor(max_workers=1) as pool:
        report.result_of(lambda: pool.submit(sum, memoryview(numbers)).result())
