"""What it costs to pass an argument to a pool of interpreters, and to a pool of processes.

Usage: ``python3.X pool_transfer.py [--tasks N]``, with 3.14 or later.
Prints for each argument the microseconds of one task, ``len(argument)``, in a pool with one worker:
the best of three rounds of N tasks each, one after the other.
"""

from __future__ import annotations

import argparse
import concurrent.futures
import os
import sys
import time
from typing import Any

ROUNDS = 3
ARGUMENTS = {
    "str of 5 characters": "spam!",
    "tuple of 100 numbers": tuple(range(100)),
    "list of 100 numbers": list(range(100)),
    "list of 10,000 numbers": list(range(10_000)),
    "dict of 100 items": {number: str(number) for number in range(100)},
    "1 MB of bytes": b"x" * 1_000_000,
}


def microseconds(executor: concurrent.futures.Executor, argument: Any, tasks: int) -> float:
    """The shortest average of the rounds."""
    executor.submit(len, argument).result()  # the worker is there now, with what it imports
    rounds = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        for _ in range(tasks):
            executor.submit(len, argument).result()
        rounds.append((time.perf_counter() - start) / tasks * 1_000_000)
    return min(rounds)


def main(arguments: list[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="Measure what passing an argument costs.")
    help_text = "tasks in a round (default: %(default)s)"
    parser.add_argument("--tasks", type=int, default=300, metavar="N", help=help_text)
    tasks: int = parser.parse_args(arguments).tasks
    if tasks < 1:
        parser.error("--tasks must be at least 1")
    print("Python", sys.version.split()[0], "on", os.cpu_count(), "cores")
    module: Any = concurrent.futures  # that of the oldest Python here has no such pool
    kinds = {"interpreters": module.InterpreterPoolExecutor}
    kinds["processes"] = module.ProcessPoolExecutor
    for kind, executor in kinds.items():
        with executor(max_workers=1) as pool:
            for name, argument in ARGUMENTS.items():
                print(f"{kind}: {name} {microseconds(pool, argument, tasks):.0f} us", flush=True)


if __name__ == "__main__":
    main()
