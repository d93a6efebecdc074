"""A subinterpreter left open by Python code causes a warning at exit, from 3.14 on."""

import child
import report

process = child.run("import subinterpreter; interpreter = subinterpreter.Interpreter()")
start = process.stderr.find("RuntimeWarning")
report.works(process.stderr[start:].split(";")[0] if start >= 0 else "no warning")
