"""Show what a subinterpreter of the running Python may not do.

Every operation is tried once for each kind of interpreter, alone in a fresh
process, because some of them end the process. CPython 3.8 to 3.15, POSIX only.
"""

import os
import signal
import subprocess
import sys

BY_MAIN = "os.fork() by main, while it lives"
FORK = """
pid = os.fork()
if pid == 0:
    os._exit(0)
status = os.waitpid(pid, 0)[1]
if status:
    number = status & 127
    how = "signal %d" % number if number else "exit status %d" % (status >> 8)
    result = "the child dies, " + how
"""

# Each text runs inside the interpreter and leaves its outcome in `result`.
OPERATIONS = {
    "os.fork()": FORK,
    BY_MAIN: FORK,
    "os.execv()": """
os.execv(sys.executable, [sys.executable, "-c", "print('works')"])
""",
    "subprocess.run()": """
subprocess.run([true], check=True)
""",
    "... close_fds=False": """
subprocess.run([true], check=True, close_fds=False)
""",
    "... close_fds=False, no path": """
subprocess.run(["true"], check=True, close_fds=False)
""",
    "... preexec_fn=": """
subprocess.run([true], check=True, preexec_fn=int)
""",
    "os.posix_spawn()": """
pid = os.posix_spawn(true, ["true"], os.environ)
os.waitpid(pid, 0)
""",
    "signal.signal()": """
signal.signal(signal.SIGUSR1, signal.SIG_IGN)
""",
    "thread": """
thread = threading.Thread(target=int)
thread.start()
thread.join()
""",
    "daemon thread": """
thread = threading.Thread(target=int, daemon=True)
thread.start()
thread.join()
""",
    "gc.collect()": """
loop = []
loop.append(loop)
del loop
result = "works" if gc.isenabled() and gc.collect() else "found nothing"
""",
}

HARNESS = """
import gc, os, shutil, signal, subprocess, sys, threading
true = shutil.which("true")
result = "works"
try:
{operation}
except BaseException as error:
    result = "{{}}: {{}}".format(type(error).__name__, error)
print(result, flush=True)
"""


def create(kind):
    """Return (module, id) of a new interpreter."""
    if kind == "main":
        return None, None
    if sys.version_info >= (3, 13):
        import _interpreters

        return _interpreters, _interpreters.create(kind)
    import _xxsubinterpreters

    if sys.version_info < (3, 9):
        return _xxsubinterpreters, _xxsubinterpreters.create()
    return _xxsubinterpreters, _xxsubinterpreters.create(isolated=kind == "isolated")


def run_here(kind, name):
    """Run one operation in a new interpreter of this process."""
    source = HARNESS.format(operation=OPERATIONS[name].replace("\n", "\n    "))
    module, interpreter = create(kind)
    if module is None or name == BY_MAIN:
        exec(source, {})
    else:
        module.run_string(interpreter, source)
    os._exit(0)  # the clean-up of interpreters is another topic


def observe(kind, name):
    """Run one operation in a new process and say what was seen."""
    process = subprocess.Popen(
        [sys.executable, __file__, kind, name],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        universal_newlines=True,
        start_new_session=True,
    )
    try:
        output, errors = process.communicate(timeout=5)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)  # a forked child too
        process.communicate()
        output, errors = "the child hangs\n", ""
    if name == BY_MAIN and output.startswith("the child"):
        return "the child hangs or dies"  # which of them, depends on chance
    lines = output.split("\n")[:1]
    lines += [line[:74] for line in errors.split("\n") if line.startswith("Fatal")]
    return "\n            ".join(filter(None, lines)) or "no output"


def main():
    kinds = ["main", "legacy", "isolated"]
    if sys.version_info < (3, 9):
        kinds.remove("isolated")
    for name in OPERATIONS:
        print(name)
        for kind in kinds:
            print(f"   {kind:8} {observe(kind, name)}")


if __name__ == "__main__":
    if len(sys.argv) == 3:
        run_here(*sys.argv[1:])
    else:
        main()
