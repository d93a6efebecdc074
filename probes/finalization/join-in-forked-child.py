"""At exit, a child of ``os.fork()`` tries to join the processes of its parent, and ends daemons."""

import child
import report

PROGRAM = """
import multiprocessing, os, sys, time

process = multiprocessing.get_context("fork").Process(
    target=time.sleep, args=(SECONDS,), daemon=DAEMON
)
process.start()
child = os.fork()
if child == 0:
    sys.exit(3)
if os.WEXITSTATUS(os.waitpid(child, 0)[1]) != 3:
    print("the child has another exit status")
process.join(5)
print("killed" if process.exitcode == -15 else "left alone")
"""


def outcome(seconds, daemon):
    process = child.run(PROGRAM.replace("SECONDS", seconds).replace("DAEMON", daemon))
    refused = "AssertionError: can only join a child process" in process.stderr
    return f"{'join refused' if refused else 'joined'}, {process.stdout.strip()}"


report.works(f"{outcome('0.5', 'False')}; daemon: {outcome('60', 'True')}")
