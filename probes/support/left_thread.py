"""Leave a thread running in a subinterpreter, one that ends when its interpreter waits for it."""

from __future__ import annotations

import os

from subinterpreter import Interpreter

_START = """
import os, threading

def work(read=os.read):
    read({reading}, 1)
    {last}

def shutdown(wait_for_threads=threading._shutdown):
    os.write({writing}, b"x")
    wait_for_threads()

threading._shutdown = shutdown
threading.Thread(target=work).start()
"""


class Left:
    """An interpreter with a thread that still runs.

    The thread waits until `let_go` is called, or until the end of the interpreter has come to the
    step that waits for its threads.

    :param last: what the thread does last, as Python code.
    """

    def __init__(self, *, isolated: bool, last: str = "print('the thread ends')") -> None:
        reading, self._writing = os.pipe()
        self.interpreter = Interpreter(isolated=isolated)
        self.interpreter.run(_START.format(reading=reading, writing=self._writing, last=last))

    def let_go(self) -> None:
        """Make the thread end, some time soon."""
        os.write(self._writing, b"x")
