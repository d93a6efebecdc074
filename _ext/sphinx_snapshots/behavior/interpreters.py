"""Find CPython interpreters, and ask each what running and compiling for it needs.

Of a series one release build counts, and one debug build.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

import msgspec

from .model import VERSION_PATTERN, Series, Version

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

#: The environment variable that lists interpreters, separated as PATH is. They win over others.
VARIABLE: Final = "BEHAVIOR_PYTHONS"

_MINORS: Final = range(8, 30)  # of python3.N on the PATH
_SECONDS: Final = 20

# Runs in any Python that answers to a name, so it uses nothing new. What is mapped is looked at
# before anything is imported, so that it is what the program itself needs.
_QUESTION: Final = """
import sys
mapped = []
try:
    with open("/proc/self/maps") as maps:
        for line in maps:
            path = line.rstrip().split(None, 5)[-1]
            if path.startswith("/") and ".so" in path and path not in mapped:
                mapped.append(path)
except OSError:
    pass
import json, os, sysconfig
variable = sysconfig.get_config_var
names = [os.path.basename(path) for path in mapped]
version = "%d.%d.%d" % sys.version_info[:3]
if sys.version_info[3] != "final":
    level = {"alpha": "a", "beta": "b", "candidate": "rc"}[sys.version_info[3]]
    version += level + str(sys.version_info[4])
if hasattr(sys, "gettotalrefcount"):
    version += "+debug"
print(json.dumps({
    "path": getattr(sys, "_base_executable", None) or sys.executable,
    "implementation": sys.implementation.name,
    "free_threaded": bool(variable("Py_GIL_DISABLED")),
    "version": version,
    "home": sys.base_prefix,
    "include": sysconfig.get_path("include"),
    "suffix": variable("EXT_SUFFIX") or ".so",
    "library_name": "python%d.%d" % sys.version_info[:2] + getattr(sys, "abiflags", ""),
    "library_folders": [
        os.path.join(sys.base_prefix, "lib"),
        os.path.join(sys.base_prefix, "lib", variable("MULTIARCH") or ""),
        os.path.join(sysconfig.get_path("stdlib"), os.path.basename(variable("LIBPL") or "config")),
        variable("LIBDIR") or "",
        variable("LIBPL") or "",
    ],
    "system_libraries": [path for path, name in zip(mapped, names)
                         if name.startswith("lib") and not name.startswith("libpython")],
    "loader": ([path for path, name in zip(mapped, names) if name.startswith("ld-")] or [None])[0],
    "link_options": variable("LINKFORSHARED") or "",
    "link_libraries": "%s %s" % (variable("LIBS") or "", variable("SYSLIBS") or ""),
}))
"""


class InterpreterError(ValueError):
    """A program cannot be used as an interpreter. The message names it and says why."""


class Interpreter(msgspec.Struct, frozen=True):
    """A CPython, as it describes itself.

    :param path: the program itself, not a shim or a virtual environment that stands for it.
    :param version: as ``3.14.10``; ``3.14.10+debug`` for a debug build.
    :param home: the folder that holds its standard library as ``lib/python3.14``: PYTHONHOME.
    :param include: the folder of ``Python.h``, there or not.
    :param suffix: how the names of extension modules end.
    :param library_name: as the linker is told, ``python3.14``.
    :param library_folders: where its library may be, likeliest first.
    :param system_libraries: the shared libraries that it loads to start, its C library among them.
    :param loader: what loads its shared libraries; None where the system does not tell.
    :param link_options: what a program that embeds it gives the linker, for a shell.
    :param link_libraries: what its static library needs, for a shell.
    """

    path: str
    implementation: str
    free_threaded: bool
    version: str
    home: str
    include: str
    suffix: str
    library_name: str
    library_folders: tuple[str, ...]
    system_libraries: tuple[str, ...]
    loader: str | None
    link_options: str
    link_libraries: str

    @property
    def exact(self) -> Version:
        """The version, comparable."""
        return Version(self.version)

    @property
    def series(self) -> Series:
        """The series."""
        return self.exact.series

    @property
    def place(self) -> tuple[Series, bool]:
        """What one interpreter counts for: its series, and whether it is a debug build."""
        return self.series, self.exact.is_debug


def ask(program: str | os.PathLike[str]) -> Interpreter:
    """What the interpreter ``program`` says of itself.

    :raises InterpreterError: it does not run, or is not a CPython of 3.8 or newer with a GIL.
    """
    name = os.fspath(program)
    # A shim looks for the program in the environment; a PYTHONHOME there is of another Python.
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON")}
    try:
        answer = subprocess.run(
            [name, "-I", "-c", _QUESTION],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_SECONDS,
            check=True,
            env=environment,
        ).stdout
    except OSError as error:
        raise InterpreterError(f"{name}: does not start: {error.strerror}") from error
    except subprocess.TimeoutExpired as error:
        raise InterpreterError(f"{name}: does not answer within {_SECONDS} s") from error
    except subprocess.CalledProcessError as error:
        said = error.stderr.decode(errors="replace").strip().splitlines()
        reason = said[-1] if said else f"exit status {error.returncode}"
        raise InterpreterError(f"{name}: is no Python that can be used: {reason!r}") from error
    try:
        interpreter = msgspec.json.decode(answer, type=Interpreter)
        Version(interpreter.version)
    except (msgspec.DecodeError, UnicodeDecodeError, ValueError) as error:
        raise InterpreterError(f"{name}: is no Python that can be used: {error}") from error
    if interpreter.implementation != "cpython":
        raise InterpreterError(f"{name}: is {interpreter.implementation!r}, not CPython")
    if interpreter.free_threaded:
        raise InterpreterError(f"{name}: is a free-threaded build; the results are of GIL builds")
    return interpreter


def find(environ: Mapping[str, str] | None = None) -> tuple[Interpreter, ...]:
    """One release build of each series that is here, and one debug build, oldest first.

    The first of them counts: those that `VARIABLE` lists, the one that runs this, ``python3.N`` on
    the PATH, and pyenv's, newest first. Of debug builds only those that `VARIABLE` lists count.

    :raises InterpreterError: one that `VARIABLE` lists cannot be used; others are passed over.
    """
    environ = os.environ if environ is None else environ
    found: dict[tuple[Series, bool], Interpreter] = {}
    for python in map(ask, filter(None, environ.get(VARIABLE, "").split(os.pathsep))):
        found.setdefault(python.place, python)
    for series, program in _candidates(environ):
        if (series, False) not in found:
            # A shim of pyenv may stand for a version that is not there.
            with suppress(InterpreterError):
                python = ask(program)
                if not python.exact.is_debug:
                    found.setdefault(python.place, python)
    return tuple(found[place] for place in sorted(found))


def _candidates(environ: Mapping[str, str]) -> Iterator[tuple[Series, str]]:
    """Programs that may be interpreters, with the series that their names promise."""
    yield Series(*sys.version_info[:2]), sys.executable
    folder = Path(environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
    # pyenv's shims are slow, and stand for versions that are looked at below.
    places = environ.get("PATH", os.defpath).split(os.pathsep)
    path = os.pathsep.join(place for place in places if Path(place) != folder / "shims")
    for minor in _MINORS:
        if program := shutil.which(f"python3.{minor}", path=path):
            yield Series(3, minor), program
    names = [path.name for path in folder.glob("versions/3.*")]
    # Not 3.7.16, 3.14t-dev, or a virtual environment.
    versions = [Version(name) for name in names if re.fullmatch(VERSION_PATTERN, name)]
    for version in sorted(versions, reverse=True):
        yield version.series, str(folder / "versions" / str(version) / "bin" / "python3")
