"""What a subinterpreter costs, and whether two run at once.

Usage: ``python3.X interpreter_cost.py [--rounds N]``.
Needs nothing but the Python that runs it, from 3.8 on; a machine with two idle cores, or the
numbers say more of its other work. Prints, for legacy and isolated interpreters:

- how long it takes to create and close one (the best of 8), and the memory that 8 of them take,
- how long a loop of pure Python takes in two of them, in two threads at once, divided by its time
  in one (the best of N runs each; more of them help on a busy machine).
"""

from __future__ import annotations

import argparse
import importlib
import os
import resource
import sys
import time
from pathlib import Path
from threading import Thread
from typing import Any

OLD = sys.version_info < (3, 13)
OLDEST = sys.version_info[:2] == (3, 8)
MODULE = importlib.import_module("_xxsubinterpreters" if OLD else "_interpreters")
KINDS = ("legacy",) if OLDEST else ("legacy", "isolated")
INTERPRETERS = 8
LOOP = "for number in range(5_000_000): pass"


def create(kind: str) -> Any:
    """A new interpreter: its number, or the object that the module of this Python has for it."""
    if not OLD:
        return MODULE.create(kind)
    if OLDEST:
        return MODULE.create()
    return MODULE.create(isolated=kind == "isolated")


def run(interpreter: Any) -> None:
    """Run the loop.

    :raises RuntimeError: it failed.
    """
    if OLD:
        MODULE.run_string(interpreter, LOOP)
    elif MODULE.exec(interpreter, LOOP) is not None:
        raise RuntimeError("the loop failed")


def seconds_to_create(kind: str) -> float:
    """The shortest time to create and close one."""
    times = []
    for _ in range(INTERPRETERS):
        start = time.perf_counter()
        MODULE.destroy(create(kind))
        times.append(time.perf_counter() - start)
    return min(times)


def memory(kind: str) -> float:
    """MiB that one more interpreter takes while others are open."""
    before = resident()
    opened = [create(kind) for _ in range(INTERPRETERS)]
    taken = resident() - before
    for interpreter in opened:
        MODULE.destroy(interpreter)
    return taken / INTERPRETERS


def resident() -> float:
    """Resident memory of this process, in MiB."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 2**20


def seconds_for(interpreters: list[Any]) -> float:
    """How long the loop takes in all of them at once, in a thread each."""
    threads = [Thread(target=run, args=[interpreter]) for interpreter in interpreters]
    start = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return time.perf_counter() - start


def two_against_one(kind: str, rounds: int) -> float:
    """Time for two, divided by the time for one; the best of so many runs each."""
    first, second = create(kind), create(kind)
    one, two = [], []
    for _ in range(rounds):
        one.append(seconds_for([first]))
        two.append(seconds_for([first, second]))
    MODULE.destroy(first)
    MODULE.destroy(second)
    return min(two) / min(one)


def main(arguments: list[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="Measure what a subinterpreter costs.")
    help_text = "how often the loop runs in one and in two interpreters (default: %(default)s)"
    parser.add_argument("--rounds", type=int, default=5, metavar="N", help=help_text)
    rounds: int = parser.parse_args(arguments).rounds
    if rounds < 1:
        parser.error("--rounds must be at least 1")
    print("Python", sys.version.split()[0], "on", os.cpu_count(), "cores")
    for kind in KINDS:
        print(
            f"{kind}: create and close {seconds_to_create(kind) * 1000:.0f} ms,"
            f" memory {memory(kind):.1f} MiB, two against one {two_against_one(kind, rounds):.2f}"
        )


if __name__ == "__main__":
    main()
