"""What Python code can still do at four moments of its end.

Each moment is a process of its own. In each, all operations are tried in turn, by a function that
keeps what it needs as default arguments: later on its globals may be gone.
"""

import subprocess
import sys
import tempfile

PROGRAM = """
import atexit, gc, logging, os, subprocess, sys, threading, warnings, weakref

logging.basicConfig(format="%(message)s")

class Thing:
    pass

def import_new():
    import json
def import_loaded():
    import os
def call_print():
    print("printed", flush=True)
def call_open():
    open("file", "w").close()
def call_saved_open(open=open):
    open("file", "w").close()
def log(error=logging.error):
    error("logged")
def warn(warn=warnings.warn, flush=sys.stderr.flush):
    warn("warned")
    flush()  # what 3.8 still holds then can be lost
def run_program(run=subprocess.run, program=sys.executable):
    run([program, "-c", ""], check=True)
def fork(fork=os.fork, leave=os._exit, wait=os.waitpid):
    child = fork()
    if child == 0:
        leave(0)
    wait(child, 0)
def start_thread(Thread=threading.Thread):
    Thread(target=int).start()
def free_lock(Lock=threading.Lock):
    Lock().acquire()
def weakref_callback(ref=weakref.ref, Thing=Thing):
    called = []
    thing = Thing()
    weak = ref(thing, called.append)
    del thing
    assert called
def collect(collect=gc.collect, ref=weakref.ref, Thing=Thing):
    thing = Thing()
    thing.itself = thing
    weak = ref(thing)
    del thing
    collect()
    assert weak() is None
def new_encoding():
    "x".encode("idna")
def register_atexit(register=atexit.register, write=os.write):
    register(write, 2, b"called back")

def try_all(operations=[globals()[name] for name in NAMES], write=os.write):
    for operation in operations:
        try:
            operation()
        except BaseException:
            write(2, b"fails: %s\\n" % operation.__name__.encode())

class Finalizer:
    def __del__(self, try_all=try_all):
        try_all()
"""
MOMENTS = {
    "atexit": "atexit.register(try_all)",
    "cycle": "target = Finalizer(); target.itself = target; del target",
    "global": "target = Finalizer()",
    "sys": "sys.kept = Finalizer()",
}
NAMES = [line[4:].partition("(")[0] for line in PROGRAM.splitlines() if line.startswith("def ")]
NAMES.remove("try_all")
# What fails without an exception can be told by what is missing.
SAID = {
    "call_print": "printed",
    "log": "logged",
    "warn": "warned",
    "register_atexit": "called back",
}
# In an atexit callback, maintenance releases of one series differ in these two: see the probes.
NOT_TRIED = {"atexit": {"fork", "start_thread"}}
if sys.version_info < (3, 12):
    # It would wait for ever.
    NOT_TRIED.update({moment: {"start_thread"} for moment in ("cycle", "global", "sys")})


def results(moment):
    """Run a program that ends, and return "yes", "no" or "-" for each operation."""
    tried = [name for name in NAMES if name not in NOT_TRIED.get(moment, ())]
    program = f"NAMES = {tried}\n{PROGRAM}\n{MOMENTS[moment]}"
    with tempfile.TemporaryDirectory() as folder:
        process = subprocess.run(
            [sys.executable, "-W", "always", "-c", program],
            capture_output=True,
            text=True,
            cwd=folder,
        )
    output = process.stdout + process.stderr
    failed = {line[7:] for line in output.splitlines() if line.startswith("fails: ")}
    failed |= {name for name, words in SAID.items() if words not in output}
    return ["-" if n not in tried else "no" if n in failed else "yes" for n in NAMES]


rows = zip(["", *NAMES], *([moment, *results(moment)] for moment in MOMENTS))
for name, *cells in rows:
    print(name.ljust(17), *(cell.ljust(6) for cell in cells[:-1]), cells[-1])
