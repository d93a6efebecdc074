"""A ``memoryview`` passed to a subinterpreter shares its buffer.

:since: 3.14
"""

from concurrent import interpreters

import report

buffer = bytearray(b"hare")
interpreter = interpreters.create()
interpreter.prepare_main(view=memoryview(buffer))
interpreter.exec("view[:] = b'rare'")
interpreter.close()
report.works(f"main sees {bytes(buffer).decode()!r}")
