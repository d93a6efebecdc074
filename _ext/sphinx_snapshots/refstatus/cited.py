"""What a site cites and where, found by having Sphinx read its pages in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final, NamedTuple

import msgspec
from filelock import FileLock

from .environment import without_tokens
from .model import Reference

if TYPE_CHECKING:
    from collections.abc import Mapping

_BUILDER: Final = "refstatus"
_FILE_NAME: Final = "references.json"
#: Lines of Sphinx's own words in an error.
_TOLD_LINES: Final = 10


class SiteError(Exception):
    """The pages cannot be read. The message is for the person who runs the command."""


class Place(NamedTuple):
    """A section that cites an item.

    :param page: path of the page's source file, from the source folder.
    :param anchor: the section's id on the page.
    :param title: its heading as plain text.
    """

    page: str
    anchor: str
    title: str


class _Item(msgspec.Struct):
    names: list[str]
    cited_in: list[dict[str, str]]


class _File(msgspec.Struct):
    """The part of the export that is needed here; see ``export.py``."""

    items: list[_Item]


def find_cited(
    source: Path, snapshot: Path, doctrees: Path | None = None
) -> dict[Reference, tuple[Place, ...]]:
    """The items that the site cites, as it cites them, with the sections that do.

    :param source: the folder of ``conf.py``.
    :param snapshot: is read in place of the one that ``conf.py`` names.
    :param doctrees: a folder that keeps what was read, so that only changed pages are read the next
        time; None reads all.
    :raises SiteError: there is no site, or Sphinx cannot read it.
    """
    if not (source / "conf.py").is_file():
        raise SiteError(f"{source} has no conf.py: it is not the source of a site")
    with ExitStack() as stack:
        if doctrees is None:
            doctrees = Path(stack.enter_context(TemporaryDirectory(prefix="refstatus-")))
        else:
            doctrees.mkdir(parents=True, exist_ok=True)
            stack.enter_context(FileLock(doctrees / ".lock"))
        # Always the same one: files beside the doctrees tell of each output folder.
        output = doctrees / "output"
        (output / _FILE_NAME).unlink(missing_ok=True)
        _run_sphinx(source, output, doctrees, snapshot)
        content = (output / _FILE_NAME).read_bytes()
    items = msgspec.json.decode(content, type=_File).items
    return {
        Reference.from_key(name): tuple(Place(**place) for place in item.cited_in)
        for item in items
        for name in item.names
    }


def _run_sphinx(source: Path, output: Path, doctrees: Path, snapshot: Path) -> None:
    """Have the builder write its file.

    :raises SiteError: it did not.
    """
    command = [sys.executable, "-m", "sphinx", "-Q", "-j", "auto", "-b", _BUILDER]
    command += ["-d", os.fspath(doctrees), "-D", f"refstatus_snapshot={snapshot.absolute()}"]
    command += [os.fspath(source), os.fspath(output)]
    done = subprocess.run(
        command,
        env=_environment(os.environ),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    )
    if done.returncode != 0 or not (output / _FILE_NAME).is_file():
        told = textwrap.indent(_find_words(done.stderr), "    ")
        raise SiteError(f"Sphinx cannot read the pages in {source}:\n{told}")


def _find_words(report: str) -> str:
    """What a person needs of Sphinx's report on an error, which also names all versions."""
    _, _, trace = report.rpartition("\nTraceback\n=========\n")
    trace, _, _ = trace.partition("\nThe full traceback has been saved")
    lines = [line for line in textwrap.dedent(trace.strip("\n")).splitlines() if line.strip()]
    return "\n".join(lines[-_TOLD_LINES:])


def _environment(environ: Mapping[str, str]) -> dict[str, str]:
    """The same environment, in which this package can be imported, without a token."""
    path = [os.fspath(Path(__file__).parent.parent), environ.get("PYTHONPATH", "")]
    return {**without_tokens(environ), "PYTHONPATH": os.pathsep.join(filter(None, path))}
