"""While a subinterpreter is open, a process forked by the main interpreter does not survive.

Whether it hangs or crashes depends on the version, and on some versions on chance.
"""

import os
import select
import signal

import report
import subinterpreter

reading_end, writing_end = os.pipe()
interpreter = subinterpreter.Interpreter()
pid = os.fork()
if pid == 0:
    os.write(writing_end, b"alive")
    os._exit(0)
os.close(writing_end)
ready, _, _ = select.select([reading_end], [], [], 5)  # readable when the process has died, too
if ready and os.read(reading_end, 5):
    report.works("the forked process runs")
else:
    os.kill(pid, signal.SIGKILL)
    report.crashes("the forked process hangs or dies in os.fork()")
os.waitpid(pid, 0)
interpreter.close()
