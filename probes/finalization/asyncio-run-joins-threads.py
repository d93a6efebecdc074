"""``asyncio.run()`` waits for the jobs of the default executor before it returns, since 3.9."""

import child
import report

report.result_of(
    child.run,
    """
import asyncio, time

def job():
    time.sleep(0.5)
    events.append("the job ends")

async def main():
    asyncio.get_running_loop().run_in_executor(None, job)

events = []
asyncio.run(main())
print(events[0] + ", then asyncio.run() returns" if events else "asyncio.run() returns at once")
""",
)
