"""Run code in a thread that outlives the main thread, and report what it prints or raises."""

from __future__ import annotations

import child
import report

_PROGRAM = """
import threading, time
{before}

def attempt():
{attempt}

def work():
    threading.main_thread().join()
    time.sleep(0.3)  # for what the main thread does after its last line
    try:
        print(attempt(), flush=True)
    except Exception as error:
        print(type(error).__name__ + ":", error, flush=True)

threading.Thread(target=work).start()
"""


def report_late(attempt: str, before: str = "") -> None:
    """Report what a function returns or raises when the main thread has ended before its call.

    :param attempt: the body of the function.
    :param before: what the main thread does at first, such as imports.
    """
    body = "\n".join(f"    {line}" for line in attempt.strip().splitlines())
    ended = child.run(_PROGRAM.format(before=before, attempt=body))
    printed = ", ".join(ended.stdout.splitlines())
    name = printed.partition(":")[0]
    if printed and not ended.crash:
        report.say("raises" if name.endswith("Error") else "works", printed)
    else:
        report.ending(ended)
