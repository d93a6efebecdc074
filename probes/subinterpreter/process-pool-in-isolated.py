"""An isolated interpreter cannot make a pool of ``multiprocessing``, which uses daemon threads."""

import report
import subinterpreter

report.result_of(
    subinterpreter.run,
    """
import multiprocessing.pool

with multiprocessing.pool.ThreadPool(1) as pool:
    print(pool.apply(abs, (-1,)))
""",
    isolated=True,
)
