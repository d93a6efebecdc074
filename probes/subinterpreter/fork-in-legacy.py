"""``os.fork()`` in a legacy interpreter raises on 3.8; from 3.9 on, the forked process dies.

The parent sees nothing but the exit status of its child.
"""

import child
import report

PROGRAM = '''
import os, sys
import subinterpreter

print(subinterpreter.run("""
import os, signal

pid = os.fork()
if pid == 0:
    os._exit(0)  # not reached
status = os.waitpid(pid, 0)[1]
if os.WIFSIGNALED(status):
    os.kill(os.getpid(), os.WTERMSIG(status))  # end in the same way
if status:
    os._exit(os.WEXITSTATUS(status))
print("the forked process runs")
"""))
'''

report.result_of(child.run, PROGRAM)
