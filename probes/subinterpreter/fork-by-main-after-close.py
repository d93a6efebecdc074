"""A process forked by the main interpreter is well if the subinterpreter was closed before."""

import os

import report
import subinterpreter

subinterpreter.run("pass")
pid = os.fork()
if pid == 0:
    report.works("the forked process runs")
    os._exit(0)
os.waitpid(pid, 0)
