"""An interpreter that is running code is not closed.

:since: 3.14
"""

import threading
from concurrent import interpreters

import report

interpreter = interpreters.create()
go, entered = interpreters.create_queue(), interpreters.create_queue()
interpreter.prepare_main(go=go, entered=entered)
thread = threading.Thread(target=interpreter.exec, args=("entered.put(1); go.get()",))
thread.start()
entered.get()
try:
    report.result_of(interpreter.close)
finally:
    go.put(1)
    thread.join()
    interpreter.close()
