"""Run Python code in an interpreter that a C extension module made. CPython 3.12 and later."""

import os

import isolated

word = "main"
isolated.run("print('word' in globals(), flush=True)")

os.environ["WORD"] = "main"
isolated.run("import os; print(os.environ['WORD'], flush=True)")
