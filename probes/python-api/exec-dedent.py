"""``Interpreter.exec()`` has no parameter ``dedent``, and refuses code that is indented.

:since: 3.14
"""

from concurrent import interpreters

import report

interpreter = interpreters.create()
seen = []
for options in ({"dedent": True}, {}):
    try:
        interpreter.exec("    x = 1", **options)
        seen.append("runs")
    except (TypeError, interpreters.ExecutionFailed, SyntaxError) as error:
        seen.append(type(error).__name__)
interpreter.close()
report.works(", ".join(seen))
