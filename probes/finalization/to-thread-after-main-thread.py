"""An event loop that outlives the main thread cannot use ``run_in_executor()``, from 3.9 on.

So it is with ``asyncio.to_thread()`` and ``loop.getaddrinfo()``, which use it.
"""

from late_thread import report_late

report_late(
    "return asyncio.run(call())",
    before="""
import asyncio

async def call():
    return await asyncio.get_event_loop().run_in_executor(None, int)
""",
)
