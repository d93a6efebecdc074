"""Let two interpreters, each in a thread of its own, take turns at a byte that they share."""

from __future__ import annotations

import mmap
import resource
import sys
import time
from tempfile import TemporaryFile
from threading import Thread

from subinterpreter import Interpreter

TURNS = 20
SECONDS = 1  # of processor time: many times what the turns take

PREPARE = """
import mmap, sys
sys.setswitchinterval({seconds})
memory = mmap.mmap({file}, mmap.PAGESIZE)
"""

SPIN = """
for turn in range({first}, {turns}, 2):
    while memory[0] != turn:
        pass
    memory[0] = turn + 1
"""


def take_turns(*, isolated: bool, switch_interval: float) -> None:
    """Let two interpreters spin in pure Python until they have had their turns, and say so.

    Each waits for the other to change the byte, and does nothing that lets go of a GIL. If they
    share one, that takes a thread that is made to let go of it when its switch interval is over.
    A process whose interpreters spin in vain is killed by SIGXCPU.

    :param switch_interval: seconds, for these interpreters and the main one.
    """
    sys.setswitchinterval(switch_interval)
    limit = round(time.process_time()) + SECONDS
    resource.setrlimit(resource.RLIMIT_CPU, (limit, limit + 1))
    with TemporaryFile() as file:
        file.truncate(mmap.PAGESIZE)
        memory = mmap.mmap(file.fileno(), mmap.PAGESIZE)
        interpreters = [Interpreter(isolated=isolated) for _ in range(2)]
        threads = []
        for first, interpreter in enumerate(interpreters):
            interpreter.run(PREPARE.format(seconds=switch_interval, file=file.fileno()))
            spin = SPIN.format(first=first, turns=TURNS)
            threads.append(Thread(target=interpreter.run, args=(spin,)))
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        for interpreter in interpreters:
            interpreter.close()
        print(f"{memory[0]} turns")
