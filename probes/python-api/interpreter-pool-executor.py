"""``InterpreterPoolExecutor`` exists from 3.14 on; its tasks run in other interpreters."""

import concurrent.futures

import report

TASK = "__import__('concurrent.interpreters').interpreters.get_current()"

if hasattr(concurrent.futures, "InterpreterPoolExecutor"):
    with concurrent.futures.InterpreterPoolExecutor(max_workers=1) as executor:
        interpreter = executor.submit(eval, TASK).result()
    report.works(f"the task runs in {interpreter}")
else:
    report.absent("no InterpreterPoolExecutor")
