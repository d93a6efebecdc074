"""A subprocess of ``asyncio`` that is waited for leaves no message at exit."""

import child
import report

process = child.run(
    """
import asyncio, sys

async def main():
    global process
    command = [sys.executable, "-S", "-c", "pass"]
    process = await asyncio.create_subprocess_exec(
        *command, stdout=asyncio.subprocess.PIPE
    )
    await process.communicate()

asyncio.run(main())
"""
)
report.works(", ".join(process.stderr.splitlines()) or "no message")
