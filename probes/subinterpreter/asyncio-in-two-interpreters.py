"""Up to 3.11, ``asyncio.run()`` fails in a thread whose other interpreter has a running loop.

``_asyncio`` kept the running loop of a thread in C variables, which all interpreters share.
"""

import asyncio
import warnings

import report
import subinterpreter

SOURCE = """
import asyncio

async def work():
    return "it runs"

coroutine = work()
try:
    print(asyncio.run(coroutine))
finally:
    coroutine.close()
"""


async def work() -> None:
    report.result_of(subinterpreter.run, SOURCE)


warnings.simplefilter("ignore")
asyncio.run(work())
