"""A daemon thread may wait for standard input at exit if ``sys.stdin`` is not closed meanwhile."""

import child
import report

PROGRAM = """
import os, sys, threading, time

reader, writer = os.pipe()
os.dup2(reader, 0)

def by_text():
    sys.stdin.readline()

def with_reference():
    stdin = sys.stdin
    stdin.buffer.readline()

def by_own_file():
    own = os.fdopen(os.dup(0), "rb")
    own.readline()

def by_number():
    os.read(0, 100)

def read():
    started.set()
    HOW()

started = threading.Event()
threading.Thread(target=read, daemon=True).start()
started.wait()
time.sleep(0.2)  # until it waits for a line
"""

ended = [
    how
    for how in ("by_text", "with_reference", "by_own_file", "by_number")
    if child.run(PROGRAM.replace("HOW", how)).status == 0
]
report.works("ends: " + ", ".join(ended).replace("_", " "))
