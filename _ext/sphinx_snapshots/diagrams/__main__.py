"""Draw the diagrams of a site: ``python -m diagrams draw``.

Finds all ``mermaid`` directives as Sphinx does, in pages of every markup and in the files that
they include, and writes a drawing for each into the folder ``diagrams_directory``.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, NamedTuple

from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace, patch_docutils

from .collect import diagrams_of, store_of
from .diagram import SourceError, is_fit_name
from .options import OPTIONS
from .problems import Kind, in_diagrams
from .svg import stored

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from .diagram import Diagram
    from .pele import Pele
    from .store import Store
    from .svg import Drawing

__all__ = ["main"]

_GOOD, _DIFFERENT, _UNUSABLE = range(3)


class Site(NamedTuple):
    """What the command works on."""

    diagrams: list[Diagram]
    store: Store


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit status.

    0: all is well. 1: a diagram cannot be drawn, or ``check`` found a difference.
    2: the command cannot work: wrong usage, no site, no drawing program.
    """
    options = _parse(arguments)
    source: Path = options.source
    if not (source / "conf.py").is_file():
        print(f"{source} has no conf.py: it is not the source of a site", file=sys.stderr)
        return _UNUSABLE
    try:
        from .pele import Pele
    except ImportError as error:
        print(f"cannot draw: {error}; run 'pip install -r requirements-dev.txt'", file=sys.stderr)
        return _UNUSABLE
    run = _draw if options.command == "draw" else _check
    complaints = list(run(_read(source), Pele()))
    for complaint in complaints:
        print(complaint, file=sys.stderr)
    return _DIFFERENT if complaints else _GOOD


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m diagrams", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    for name, text in (
        ("draw", "write all drawings, and remove those that no page uses"),
        ("check", "draw again, write nothing, and fail if a committed drawing differs"),
    ):
        command = commands.add_parser(name, help=text, description=text.capitalize())
        command.add_argument("source", nargs="?", type=Path, default=Path(), metavar="SOURCEDIR")
    return parser.parse_args(arguments)


def _read(source: Path) -> Site:
    """Read all pages, from scratch: what an earlier build kept may be of other extensions."""
    with (
        TemporaryDirectory(prefix="diagrams-") as folder,
        patch_docutils(source),
        docutils_namespace(),
    ):
        app = Sphinx(
            source,
            source,
            Path(folder, "output"),
            Path(folder, "doctrees"),
            "dummy",
            status=None,
            warning=sys.stderr,
        )
        # What is wrong with diagrams is said below, once, and what is wrong with drawings is what
        # the command is about.
        app.config.suppress_warnings = [*app.config.suppress_warnings, "diagrams"]
        app.builder.read()
        return Site(list(diagrams_of(app.env)), store_of(app.env))


def _draw(site: Site, program: Pele) -> Iterator[str]:
    """Write the drawings that have changed, and yield complaints."""
    drawings, complaints = _redraw(site, program)
    for diagram, drawing in drawings.values():
        text = _write(diagram, drawing)
        before = site.store.content(diagram.name)
        if before == text.encode():
            continue
        site.store.save(diagram.name, text)
        print(f"{'drew' if before is None else 'drew again'} {diagram.name}")
        if drawing.width > OPTIONS.column:
            print(
                f"{diagram.location}: {diagram.name} is {drawing.width:g} pixels wide, the column "
                f"{OPTIONS.column}; shorter labels or fewer of them side by side would help"
            )
    for name in _orphans(site):
        site.store.remove(name)
        print(f"removed {name}, which no page uses")
    yield from complaints


def _check(site: Site, program: Pele) -> Iterator[str]:
    """Yield complaints, also of drawings that would come out different."""
    drawings, complaints = _redraw(site, program)
    yield from complaints
    for diagram, drawing in drawings.values():
        if site.store.content(diagram.name) != _write(diagram, drawing).encode():
            path = site.store.path(diagram.name)
            yield f"{path}: comes out different; run 'make diagrams'"
    for name in _orphans(site):
        yield f"{site.store.path(name)}: no page uses this drawing; run 'make diagrams'"


def _redraw(site: Site, program: Pele) -> tuple[dict[str, tuple[Diagram, Drawing]], list[str]]:
    """Return the drawings by name, and complaints. Of diagrams of one name, the first counts."""
    drawings: dict[str, tuple[Diagram, Drawing]] = {}
    complaints = [
        f"{problem.location}: {problem.message}"
        for problem in in_diagrams(site.diagrams)
        if problem.kind is Kind.NAME
    ]
    for diagram in site.diagrams:
        if not is_fit_name(diagram.name) or diagram.name in drawings:
            continue
        try:
            drawing = program.draw(diagram.source, diagram.key(), OPTIONS)
        except SourceError as error:
            complaints.append(_describe(diagram, error))
        else:
            drawings[diagram.name] = diagram, drawing
    return drawings, complaints


def _write(diagram: Diagram, drawing: Drawing) -> str:
    return stored(drawing, diagram.name, diagram.title, diagram.description)


def _describe(diagram: Diagram, error: SourceError) -> str:
    """Return a message that shows the line of the source that is wrong."""
    place = f"{diagram.location}: diagram {diagram.name!r}"
    lines = diagram.source.splitlines()
    if not 1 <= error.line <= len(lines):
        return f"{place}: {error.message}"
    return (
        f"{place}, its line {error.line}, column {error.column}: {error.message}\n"
        f"    {lines[error.line - 1].strip()}"
    )


def _orphans(site: Site) -> list[str]:
    """Return the drawings that no diagram has the name of."""
    return sorted(site.store.names() - {diagram.name for diagram in site.diagrams})


if __name__ == "__main__":
    sys.exit(main())
