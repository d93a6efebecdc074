"""Do two busy interpreters in two threads take turns?

Each spins in pure Python until the other has changed a shared byte. With one
GIL, that needs a thread to let go of it when its switch interval is over.
CPython 3.8 to 3.15, POSIX only.
"""

import os
import resource
import signal
import subprocess
import sys
import tempfile
import threading

from limitations import create

TURNS = 6
SECONDS = 1  # of processor time, of which the turns take a small part
SPIN = """
import mmap
memory = mmap.mmap({file}, mmap.PAGESIZE)
for turn in range({first}, {turns}, 2):
    while memory[0] != turn:
        pass
    memory[0] = turn + 1
"""


def run_here(kind):
    """Let two interpreters hand over a byte until they have had all their turns."""
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with tempfile.TemporaryFile() as file:
        file.truncate(65536)
        threads = []
        for first in (0, 1):
            module, interpreter = create(kind)
            module.run_string(interpreter, "import mmap, sys; sys.setswitchinterval(0.02)")
            spin = SPIN.format(file=file.fileno(), first=first, turns=TURNS)
            threads.append(threading.Thread(target=module.run_string, args=(interpreter, spin)))
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    os._exit(0)


def main():
    for kind in ["legacy", "isolated"][: 1 if sys.version_info < (3, 9) else 2]:
        status = subprocess.run([sys.executable, __file__, kind], check=False).returncode
        if status == -signal.SIGXCPU:
            outcome = f"starve each other: not done after {SECONDS} s of processor time"
        else:
            assert status == 0, status
            outcome = "take turns"
        print(kind, "interpreters", outcome)


if __name__ == "__main__":
    if len(sys.argv) == 2:
        run_here(sys.argv[1])
    else:
        main()
