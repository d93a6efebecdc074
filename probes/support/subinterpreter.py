"""Make a subinterpreter and run code in it, in the same way on CPython 3.8 to 3.15."""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Mapping

if sys.version_info >= (3, 13):
    import _interpreters as _module
else:
    import _xxsubinterpreters as _module


class Absent(Exception):  # noqa: N818  (an outcome)
    """This Python has no such interpreter; the text says what is missing."""


class Failed(Exception):  # noqa: N818  (an outcome)
    """The code raised an exception and did not catch it; the text is ``"TypeError: message"``."""


def run(
    source: str,
    *,
    isolated: bool = False,
    own_gil: bool | None = None,
    given: Mapping[str, Any] | None = None,
) -> str:
    """Run the code in a new interpreter, close the interpreter and return what it printed.

    :raises Failed: if the code raised an exception.
    :raises Absent: if this Python has no such interpreter.
    """
    with Interpreter(isolated=isolated, own_gil=own_gil) as interpreter:
        return interpreter.run(source, given=given) + interpreter.close()


class Interpreter:
    """A subinterpreter, to be closed.

    :param isolated: as ``create("isolated")`` or ``create(isolated=True)`` makes it (3.9 and
        later); otherwise as ``Py_NewInterpreter()`` makes it.
    :param own_gil: True or False insist on an isolated interpreter with or without a GIL of its
        own; None takes what this Python makes by default: with, since 3.12.
    """

    def __init__(self, *, isolated: bool = False, own_gil: bool | None = None) -> None:
        self._id = _create(isolated, own_gil)
        self._closed = False
        # Not a pipe, which could fill up: nobody reads while the interpreter runs. A file without
        # a name, in the folder of this run, goes with the process.
        name = f"output-{os.getpid()}-{int(self._id)}"
        self._output = os.open(name, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
        os.unlink(name)
        self._read = 0
        self._execute(_BEGIN.format(path=sys.path, output=self._output))

    def run(self, source: str, *, given: Mapping[str, Any] | None = None) -> str:
        """Run the code in ``__main__`` and return what was printed since the last call.

        :param given: names that the code can use, with plain values such as numbers and strings.
        :raises Failed: if the code raised an exception.
        """
        for name, value in (given or {}).items():
            self._execute(f"{name} = {value!r}")
        self._execute(source)
        return self._printed()

    def give(self, **objects: Any) -> None:
        """Pass objects as the private modules do: they become names in ``__main__``.

        :raises ValueError: if one cannot be shared.
        """
        if sys.version_info >= (3, 13):
            _module.set___main___attrs(self._id, objects)
        else:
            _module.run_string(self._id, "", objects)

    def close(self) -> str:
        """End the interpreter, once, and return what was printed since the last call.

        :raises RuntimeError: if it cannot be ended now.
        """
        if not self._closed:
            _module.destroy(self._id)
            self._closed = True
        return self._printed()

    def __enter__(self) -> Interpreter:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def _execute(self, source: str) -> None:
        if sys.version_info >= (3, 13):
            failure = _module.exec(self._id, source)
            if failure is not None:
                raise Failed(_exception(failure.type.__name__, failure.msg))
            return
        try:
            _module.run_string(self._id, source)
        except _module.RunFailedError as failure:
            # "<class 'package.Error'>: message"
            name, _, message = str(failure).partition("'>: ")
            raise Failed(_exception(name.replace("'", ".").split(".")[-1], message)) from None

    def _printed(self) -> str:
        # Read by position: the interpreter writes where the shared position of the file is.
        size = os.fstat(self._output).st_size - self._read
        text = os.pread(self._output, size, self._read)
        self._read += size
        return text.decode()


# Line buffering: nothing flushes the file when the interpreter ends.
_BEGIN = """
import sys
sys.path[:] = {path}
sys.stdout = open({output}, "w", buffering=1, closefd=False)
"""


def _exception(name: str, message: str | None) -> str:
    return f"{name}: {message}" if message else name


def _create(isolated: bool, own_gil: bool | None) -> Any:
    if own_gil and sys.version_info < (3, 12):
        raise Absent("no interpreter with a GIL of its own")
    isolated = isolated or own_gil is True
    if sys.version_info < (3, 9):
        if isolated:
            raise Absent("no isolated interpreter")
        return _module.create()
    if sys.version_info < (3, 12):
        return _module.create(isolated=isolated)
    shared = isolated and own_gil is False
    if sys.version_info < (3, 13):
        if shared:
            raise Absent("no isolated interpreter with the shared GIL, but from C")
        return _module.create(isolated=isolated)
    if shared:
        return _module.create(_module.new_config("isolated", gil="shared", use_main_obmalloc=True))
    return _module.create("isolated" if isolated else "legacy")
