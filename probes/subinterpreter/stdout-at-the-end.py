"""Text left in the buffer of ``sys.stdout`` is written when a subinterpreter is closed."""

import child
import report

report.result_of(
    child.run,
    '''
import os
import subinterpreter

subinterpreter.run("""
import sys

sys.stdout = sys.__stdout__
sys.stdout.write("written at the end")
""")
os._exit(0)  # so that nothing is written later
''',
)
