"""An instance of a heap type is pickled by the name of its type, as one of a static type is.

So the module it is found in must be importable where the pickle is read, and its type there is the
one of that interpreter.
"""

import pickle

import report
from subinterpreter import Interpreter

source = pickle.dumps(__import__("_random").Random)
with Interpreter() as interpreter:
    seen = interpreter.run(
        f"import pickle, _random\nprint(pickle.loads({source!r}) is _random.Random)"
    )
report.works(f"the type of that interpreter: {seen.strip()}")
