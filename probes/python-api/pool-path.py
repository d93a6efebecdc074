"""A worker of ``InterpreterPoolExecutor`` does not have what was added to ``sys.path``.

An initializer can set it.

:since: 3.14
"""

import sys
from concurrent.futures import InterpreterPoolExecutor

import report

ASK = "'/added' in __import__('sys').path"
SET = "__import__('sys').path.__setitem__(slice(None), {!r})"

sys.path.append("/added")
with InterpreterPoolExecutor(max_workers=1) as pool:
    without = pool.submit(eval, ASK).result()
with InterpreterPoolExecutor(1, initializer=eval, initargs=(SET.format(sys.path),)) as pool:
    with_initializer = pool.submit(eval, ASK).result()
report.works(f"as it is: {without}, with an initializer: {with_initializer}")
