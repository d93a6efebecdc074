"""Draw the diagrams of a site: ``python -m sphinx_snapshots.diagrams draw``.

Finds all ``mermaid`` directives as Sphinx does, in pages of every markup and in the files that
they include, and writes a drawing for each into the folder ``diagrams_directory``.
"""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from ..kit.command import SiteError, add_site_options, open_site, read_pages
from ..kit.files import replace_file
from .model import OPTIONS, SourceError, check_names
from .svg import stored

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from .domain import DiagramDomain
    from .model import Diagram
    from .pele import Pele
    from .svg import Drawing

_GOOD, _DIFFERENT, _UNUSABLE = range(3)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit status.

    0: all is well. 1: a diagram cannot be drawn, or ``check`` found a difference.
    2: the command cannot work: wrong usage, no site, no drawing program.
    """
    options = _parse(arguments)
    try:
        from .pele import Pele

        site = _read(options)
    except ImportError as error:
        advice = "run 'pip install \"sphinx-snapshots[draw]\"'"
        print(f"cannot draw: {error}; {advice}", file=sys.stderr)
        return _UNUSABLE
    except SiteError as error:
        print(error, file=sys.stderr)
        return _UNUSABLE
    run = _draw if options.command == "draw" else _check
    complaints = list(run(site, Pele()))
    for complaint in complaints:
        print(complaint, file=sys.stderr)
    return _DIFFERENT if complaints else _GOOD


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser("python -m sphinx_snapshots.diagrams", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    for name, text in (
        ("draw", "write all drawings, and remove those that no page uses"),
        ("check", "draw again, write nothing, and fail if a committed drawing differs"),
    ):
        command = commands.add_parser(name, help=text, description=text.capitalize())
        add_site_options(command)
    return parser.parse_args(arguments)


def _read(options: argparse.Namespace) -> DiagramDomain:
    """What the pages have.

    :raises SiteError: they cannot be read.
    """
    from .domain import DiagramDomain

    with open_site(options) as app:
        if DiagramDomain.name not in app.env.domaindata:
            raise SiteError("conf.py does not have 'sphinx_snapshots.diagrams' in its extensions")
        # What is wrong with diagrams is said below, once, and what is wrong with drawings is what
        # the command is about.
        app.config.suppress_warnings = [*app.config.suppress_warnings, DiagramDomain.name]
        read_pages(app)
        return DiagramDomain.of(app.env)


def _draw(site: DiagramDomain, program: Pele) -> Iterator[str]:
    """Write the drawings that have changed, and yield complaints."""
    drawings, complaints = _redraw(site, program)
    for diagram, drawing, content in drawings:
        before = site.store.content(diagram.drawing)
        if before == content:
            continue
        replace_file(site.store.path(diagram.drawing), content)
        print(f"{'drew' if before is None else 'drew again'} {diagram.drawing}")
        if drawing.width > OPTIONS["column"]:
            print(
                f"{diagram.location}: {diagram.name} is {drawing.width:g} pixels wide, the column "
                f"{OPTIONS['column']}; shorter labels or fewer of them side by side would help"
            )
    for name in _orphans(site):
        site.store.path(name).unlink()
        print(f"removed {name}, which no page uses")
    yield from complaints


def _check(site: DiagramDomain, program: Pele) -> Iterator[str]:
    """Yield complaints, also of drawings that would come out different."""
    drawings, complaints = _redraw(site, program)
    yield from complaints
    for diagram, _, content in drawings:
        if site.store.content(diagram.drawing) != content:
            path = site.store.path(diagram.drawing)
            yield f"{path}: comes out different; run 'make diagrams'"
    for name in _orphans(site):
        yield f"{site.store.path(name)}: no page uses this drawing; run 'make diagrams'"


def _redraw(
    site: DiagramDomain, program: Pele
) -> tuple[list[tuple[Diagram, Drawing, bytes]], list[str]]:
    """The drawings with their files' content, and complaints; of one name, the first counts."""
    drawings, complaints = [], []
    for diagram, problem in check_names(site.diagrams):
        if problem:
            complaints.append(f"{diagram.location}: {problem}")
            continue
        try:
            drawing = program.draw(diagram.source, diagram.key())
        except SourceError as error:
            complaints.append(_describe(diagram, error))
        else:
            content = stored(drawing, diagram.name, diagram.title, diagram.description)
            drawings.append((diagram, drawing, content.encode()))
    return drawings, complaints


def _describe(diagram: Diagram, error: SourceError) -> str:
    """A message that shows the line of the source that is wrong."""
    place = f"{diagram.location}: {diagram.label}"
    lines = diagram.source.splitlines()
    if not 1 <= error.line <= len(lines):
        return f"{place}: {error.message}"
    return (
        f"{place}, its line {error.line}, column {error.column}: {error.message}\n"
        f"    {lines[error.line - 1].strip()}"
    )


def _orphans(site: DiagramDomain) -> list[str]:
    """The drawings that no diagram has the name of; translations go with their diagram."""
    names = {diagram.name for diagram in site.diagrams}
    return sorted(each for each in site.store.names() if each.partition(".")[0] not in names)


if __name__ == "__main__":
    sys.exit(main())
