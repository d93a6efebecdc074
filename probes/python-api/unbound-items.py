"""What a closed interpreter had put into a queue is replaced, refused or dropped, as was asked for.

``unbounditems`` is a parameter of ``create_queue()`` and of ``put()``; two of the three values are
in a private module only.

:since: 3.14
"""

from concurrent import interpreters
from concurrent.interpreters import _queues

import report


def left(**options):
    queue = interpreters.create_queue(**options)
    interpreter = interpreters.create()
    interpreter.prepare_main(queue=queue)
    interpreter.exec("queue.put(['mine'])\nqueue.put(1)")
    interpreter.close()
    try:
        return str(queue.get(timeout=0)).rpartition(".")[2]
    except Exception as error:
        return type(error).__name__


answers = [
    left(),
    left(unbounditems=_queues.UNBOUND_ERROR),
    left(unbounditems=_queues.UNBOUND_REMOVE),
]
report.works(", ".join(answers))
