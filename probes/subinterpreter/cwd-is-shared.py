"""The current directory belongs to the process: a subinterpreter changes it for all."""

import os

import report
import subinterpreter

os.mkdir("below")
subinterpreter.run("import os; os.chdir('below')", isolated=False)
report.works(f"main is in {os.path.basename(os.getcwd())!r}")
