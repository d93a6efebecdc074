"""What tests of diagrams share: a site to change, to build and to draw, and a look at its pages."""

from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING

from sphinx_snapshots.diagrams import __main__ as command

if TYPE_CHECKING:
    from collections.abc import Callable

    from sphinx.testing.util import SphinxTestApp

#: Builds a site where neither the network nor the drawing program may be used.
OFFLINE = Path(__file__).parent / "programs/build_without_drawing.py"
ROOT = Path(__file__).parent / "roots/test-diagrams"
NAMES = ["fig-calls", "fig-hostile", "fig-lookup", "fig-markdown"]
LOOKUP = (
    "How an index finds a module: The module definition has an index. Each interpreter has a list."
)
# Appended to every output file before a build: it is gone from those that were written.
OLD = "<!-- from an earlier build -->"
SHAPE = '<rect x="1" y="2" width="3" height="4"/>'


def svg(content: str = SHAPE, attributes: str = "") -> str:
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" width="20" height="10" font-size="16"'
        f"{attributes}>{content}</svg>"
    )


class Site:
    """A copy of the test site, to change and to build."""

    def __init__(self, source: Path, make_app: Callable[..., SphinxTestApp]) -> None:
        self.source = source
        self.drawings = source / "drawings"
        self._make_app = make_app

    def build(self, builder: str = "html", *, parallel: int = 0, **config: object) -> SphinxTestApp:
        overrides = {"html_theme": "basic", "version": "1", "copyright": "nobody"} | config
        app = self._make_app(
            builder, srcdir=self.source, parallel=parallel, confoverrides=overrides
        )
        app.build()
        return app

    def write(self, page: str, text: str) -> None:
        (self.source / page).write_text(text, "utf-8")

    def replace(self, page: str, old: str, new: str) -> None:
        text = (self.source / page).read_text("utf-8")
        assert old in text
        self.write(page, text.replace(old, new))

    def draw(self, *options: str) -> int:
        return command.main(["draw", "--source", str(self.source), *options])

    def check(self, *options: str) -> int:
        return command.main(["check", "--source", str(self.source), *options])


class Page(HTMLParser):
    """The elements of a page, as a browser would find them."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.scripts: list[str] = []
        self._in_script = False
        self.feed(path.read_text("utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        self._in_script = tag == "script"

    def handle_endtag(self, tag: str) -> None:
        self._in_script = False

    def handle_data(self, data: str) -> None:
        if self._in_script:
            self.scripts.append(data)
        else:
            self.text += data

    def find(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]


def files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != ".buildinfo"
    }
