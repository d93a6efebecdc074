"""A string passed to another interpreter arrives as another object, with an equal value.

:since: 3.14
"""

from concurrent import interpreters

import report

word = "".join(["ha", "re"])  # not a constant, which might be interned
interpreter = interpreters.create()
same = interpreter.call(id, word) == id(word)
equal = interpreter.call(str, word) == word
interpreter.close()
report.works(f"{'the same' if same else 'another'} object, {'equal' if equal else 'not equal'}")
