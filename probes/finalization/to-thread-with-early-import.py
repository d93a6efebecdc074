"""To import thread pools early does not help an event loop that outlives the main thread.

From 3.9 on another message comes instead.
"""

from late_thread import report_late

report_late(
    "return asyncio.run(call())",
    before="""
import asyncio, concurrent.futures.thread

async def call():
    return await asyncio.get_event_loop().run_in_executor(None, int)
""",
)
