"""Compile a C probe for one interpreter: as extension modules, or as a program that embeds it."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from contextlib import suppress
from itertools import product, starmap
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from .interpreters import Interpreter

_SECONDS: Final = 120
_LONGEST_MESSAGE: Final = 2000
# Programs are such code too, so that all use the same precompiled headers.
_OPTIONS: Final = ("-Wall", "-Wextra", "-Werror", "-fPIC")
# What a module calls is in the process already. The linker takes a third of the time if it need not
# look for that; libgcc has what the compiler itself makes code call.
_UNRESOLVED: Final = {"linux": ("-nostdlib", "-lgcc"), "darwin": ("-undefined", "dynamic_lookup")}
_SHARED: Final = ("-shared", *_UNRESOLVED.get(sys.platform, ()))
# A static library may be compiled for a program that cannot lie anywhere in memory, and Debian's
# lacks the hash functions that its modules _md5, _sha2 and so on call.
_STATIC: Final = ("-no-pie", "-Wl,--unresolved-symbols=ignore-in-object-files")
_MAIN: Final = re.compile(r"^\s*int\s+main\s*\(", re.MULTILINE)
_MODULE: Final = re.compile(
    r"^(?:PyMODINIT_FUNC|PyMODEXPORT_FUNC)?\s*Py(?:Init|ModExport)_(\w+)\s*\(void\)", re.MULTILINE
)

# Folders that are made once for all probes, and kept until this process ends.
_folders: Final[dict[tuple[object, ...], TemporaryDirectory[str]]] = {}
# Only who wants the same folder waits until it is filled.
_locks: Final[dict[tuple[object, ...], Lock]] = {}


class MissingToolError(Exception):
    """Something that compiling needs is not on this machine: a compiler, headers, a library."""


class CompileError(Exception):
    """The source does not compile. The message is what the compiler says."""


def made_once(key: tuple[object, ...], fill: Callable[[Path], None]) -> Path:
    """The folder of ``key``, which ``fill`` has filled; what it raises is raised.

    :param key: what ``fill`` depends on; another function may have the same.
    """
    key = (fill.__qualname__, *key)
    with _locks.setdefault(key, Lock()):
        if key not in _folders:
            new = TemporaryDirectory(prefix="probes-", ignore_cleanup_errors=True)
            fill(Path(new.name))
            _folders[key] = new
        return Path(_folders[key].name)


def is_program(source: str) -> bool:
    """Whether C source is of a program that embeds an interpreter, not of an extension module."""
    return _MAIN.search(source) is not None


def compile_modules(
    source: Path, interpreter: Interpreter, folder: Path, include: Sequence[Path] = ()
) -> list[str]:
    """Compile the extension modules that a C file defines into ``folder``; return their names.

    :param include: more folders of headers.
    :raises MissingToolError: there is no compiler, or there are no headers.
    :raises CompileError: the source does not compile, or defines no module.
    """
    names = list(dict.fromkeys(_MODULE.findall(source.read_text(encoding="utf-8"))))
    if not names:
        raise CompileError(f"{source}: there is no PyInit_NAME, PyModExport_NAME, or main")
    library = folder / "library.so"
    _compile(source, interpreter, library, include, *_SHARED)
    # Each module has a file of its own: one that is loaded twice would share its variables.
    for name in names:
        shutil.copy(library, folder / f"{name}{interpreter.suffix}")
    return names


def compile_program(
    source: Path, interpreter: Interpreter, folder: Path, include: Sequence[Path] = ()
) -> tuple[str, ...]:
    """Compile a C file with a ``main`` into ``folder``, and return the command that runs it.

    It is linked with the interpreter's shared library. A static one is too large to be linked with
    every program: it is in a launcher, which loads a program and calls its ``main``.

    :raises MissingToolError: there is no compiler, or there are no headers, or no library.
    :raises CompileError: the source does not compile.
    """
    program = folder / "program"
    if library := _library(interpreter, ".so", ".dylib"):
        place = library.parent
        link = (f"-L{place}", f"-l{interpreter.library_name}", f"-Wl,-rpath,{place}")
        _compile(source, interpreter, program, include, *link, *_own_system(interpreter))
        return (os.fspath(program),)
    launcher = _launcher(interpreter)
    _compile(source, interpreter, program, include, *_SHARED)
    return (os.fspath(launcher), os.fspath(program))


def _compile(
    source: Path, interpreter: Interpreter, output: Path, include: Sequence[Path], *options: str
) -> None:
    headers = Path(interpreter.include)
    if not (headers / "Python.h").is_file():
        raise MissingToolError(f"there are no C headers of {interpreter.version} in {headers}")
    # As headers of the system, so that only the source itself is warned of. Debian keeps a part
    # of them beside the folder it names.
    begin = [*_OPTIONS, f"-isystem{headers}", f"-isystem{headers.parent}"]
    places = [f"-I{folder}" for folder in (_precompiled(begin, include), *include)]
    _call(*begin, *places, os.fspath(source), "-o", os.fspath(output), *options)


def _compiler() -> str:
    name = os.environ.get("CC") or "cc"
    if compiler := shutil.which(name):
        return compiler
    raise MissingToolError(f"there is no C compiler named {name} (the variable CC names another)")


def _call(*arguments: str) -> str:
    """Run the compiler, and return what it says.

    :raises MissingToolError: there is none, or it does not start.
    :raises CompileError: it complains.
    """
    compiler = _compiler()
    try:
        done = subprocess.run(
            [compiler, *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=_SECONDS,
            check=False,
        )
    except OSError as error:
        message = f"the compiler {compiler} does not start: {error.strerror}"
        raise MissingToolError(message) from error
    except subprocess.TimeoutExpired as error:
        raise CompileError(f"the compiler did not end within {_SECONDS} s") from error
    said = done.stdout.decode(errors="replace").strip()
    if done.returncode != 0:
        ended = f"{compiler} ended with status {done.returncode}"
        raise CompileError(said[:_LONGEST_MESSAGE] or ended)
    return said


def _precompiled(options: Sequence[str], include: Sequence[Path]) -> Path:
    """A folder with the headers of the folders ``include``, precompiled, as far as they compile.

    Reading ``Python.h`` is most of what compiling a probe takes. GCC finds such a header by itself
    where it looks for the header, and reads that if it cannot use what it finds; others, which may
    look past it, lose nothing.

    :param options: of the compiler, which decide what is in the headers.
    """
    headers = [path for folder in include for path in sorted(folder.glob("*.h"))]
    texts = [header.read_text(encoding="utf-8") for header in headers]

    def fill(folder: Path) -> None:
        for header in headers:
            target = folder / f"{header.name}.gch"
            with suppress(CompileError):  # whoever includes it sees what is wrong
                _call(*options, "-x", "c-header", os.fspath(header), "-o", os.fspath(target))

    return made_once((_compiler(), *options, *headers, *texts), fill)


def _launcher(interpreter: Interpreter) -> Path:
    """A program with the whole static library of the interpreter, see ``launcher.c``.

    :raises MissingToolError: there is no compiler, or no library.
    :raises CompileError: it cannot be linked.
    """
    library = _library(interpreter, ".a")
    if library is None:
        name = f"lib{interpreter.library_name}"
        raise MissingToolError(f"there is no {name}.so and no {name}.a of {interpreter.home}")

    def fill(folder: Path) -> None:
        source = Path(__file__).with_name("launcher.c")
        _call(
            *(*_OPTIONS, os.fspath(source), "-o", os.fspath(folder / "launcher"), *_STATIC),
            *("-Wl,--whole-archive", os.fspath(library), "-Wl,--no-whole-archive"),
            *shlex.split(interpreter.link_options),
            # What the interpreter loads to start is what the library inside it needs.
            *(interpreter.system_libraries or shlex.split(interpreter.link_libraries)),
            *_own_system(interpreter),
        )

    return made_once((_compiler(), interpreter), fill) / "launcher"


def _library(interpreter: Interpreter, *suffixes: str) -> Path | None:
    """The interpreter's library with one of these suffixes, in the likeliest folder that has it."""
    folders = [Path(folder) for folder in interpreter.library_folders if folder]
    names = [f"lib{interpreter.library_name}{suffix}" for suffix in suffixes]
    return next(filter(Path.exists, starmap(Path, product(folders, names))), None)


def _own_system(interpreter: Interpreter) -> list[str]:
    """What makes a program run with the C library that came with the interpreter.

    An interpreter of another release of the system brings its own, and its library needs that.
    """
    own = [Path(library) for library in interpreter.system_libraries]
    c_library = next((path for path in own if path.name.startswith("libc.")), None)
    if interpreter.loader is None or c_library is None:
        return []
    usual = Path(_call("-print-file-name=libc.so.6"))
    if usual.exists() and c_library.samefile(usual):
        return []
    return [
        f"-Wl,--dynamic-linker={interpreter.loader}",
        "-Wl,--allow-shlib-undefined",
        "-Wl,--disable-new-dtags",  # else the folders do not count for the libraries' own needs
        *(f"-Wl,-rpath,{folder}" for folder in dict.fromkeys(path.parent for path in own)),
    ]
