"""Pages are written again when, and only when, the outside data that they show has changed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NamedTuple

import pytest
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError
from sphinx.util.docutils import docutils_namespace
from sphinx_snapshots.kit.rewrites import rewrite_when_changed

if TYPE_CHECKING:
    from pathlib import Path

    from sphinx.environment import BuildEnvironment

# Appended to every output file before a build: it is gone from those that were written.
OLD = "<!-- from an earlier build -->"


class Report(NamedTuple):
    """Which pages a build read, and which it wrote."""

    read: set[str]
    written: set[str]


class Site:
    """Pages that show one fact each, from a file that Sphinx does not know of."""

    def __init__(self, folder: Path) -> None:
        self.source = folder / "source"
        self.outputs = folder / "outputs"
        self.doctrees = folder / "doctrees"
        self.break_at = ""
        self.breaks_with: BaseException = ValueError("on purpose")
        self.tells = False
        # Pages, in the order in which they are asked; those that were before any was written.
        self.asked: list[str] = []
        self.asked_early: list[str] = []
        self.has_news = self.knew = True
        self.source.mkdir()
        self.write("conf.py", "")
        self.write("index.rst", "Index\n=====\n\n.. toctree::\n   :glob:\n\n   page-*\n")
        for name in ("page-one", "page-two", "page-none"):
            self.write(f"{name}.rst", f"{name}\n{'=' * len(name)}\n")
        self.set_facts({"page-one": "one A", "page-two": "two A"})

    def write(self, name: str, text: str) -> None:
        (self.source / name).write_text(text, encoding="utf-8")

    def set_facts(self, facts: dict[str, str]) -> None:
        self.write("facts.json", json.dumps(facts))

    def digest(self) -> str:
        """Of all facts, if the site tells it."""
        return (self.source / "facts.json").read_text(encoding="utf-8") if self.tells else ""

    def fact(self, docname: str) -> str:
        facts = json.loads((self.source / "facts.json").read_text(encoding="utf-8"))
        return str(facts.get(docname, ""))

    def show_fact(self, app: Sphinx, doctree: nodes.document, docname: str) -> None:
        if docname == self.break_at:
            raise self.breaks_with
        doctree.append(nodes.paragraph("", f"Fact: {self.fact(docname)}."))

    def build(
        self,
        builder: str = "html",
        output: str = "",
        *,
        jobs: int = 1,
        files: tuple[str, ...] = (),
        fresh: bool = False,
    ) -> Report:
        """Build the site as a process of its own would."""
        read: set[str] = set()
        folder = self.outputs / (output or builder)
        for path in folder.rglob("*.html"):
            path.write_text(path.read_text(encoding="utf-8") + OLD, encoding="utf-8")
        with docutils_namespace():
            app = Sphinx(
                self.source,
                self.source,
                folder,
                self.doctrees,
                builder,
                status=None,
                warning=None,
                freshenv=fresh,
                parallel=jobs,
                confoverrides={"html_theme": "basic"},
            )

            def note(app: Sphinx, env: BuildEnvironment, docnames: list[str]) -> None:
                read.update(docnames)

            app.connect("env-before-read-docs", note)
            app.connect("doctree-resolved", self.show_fact)

            def ask(app: Sphinx, docname: str) -> str:
                self.asked.append(docname)
                return self.fact(docname)

            self.asked = []
            app.connect(
                "env-check-consistency", lambda *_: setattr(self, "asked_early", self.asked[:])
            )
            rewrites = rewrite_when_changed(app, "facts", ask, lambda _: self.digest())
            self.knew = rewrites.knows(app, self.digest())
            app.connect("build-finished", lambda *_: setattr(self, "has_news", rewrites.has_news()))
            app.build(filenames=[self.source / name for name in files])
        written = {
            path.parent.name if path.parent != folder else path.stem
            for path in folder.rglob("*.html")
            if OLD not in path.read_text(encoding="utf-8")
        }
        return Report(read, {name for name in written if name.startswith("page-")})

    def shown(self, docname: str, output: str = "html") -> str:
        folder = self.outputs / output
        page = folder / f"{docname}.html"
        page = page if page.exists() else folder / docname / "index.html"
        text = page.read_text(encoding="utf-8")
        return text.partition("Fact: ")[2].partition(".")[0]

    def memories(self) -> list[Path]:
        return sorted(self.doctrees.glob("rewrites-*"))


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site(tmp_path)


def test_nothing_changed(site: Site) -> None:
    first = site.build()
    assert first.written == {"page-one", "page-two", "page-none"}
    assert site.build() == (set(), set())


@pytest.mark.parametrize("jobs", [1, 2])
def test_changed_fact_writes_its_page_and_reads_none(site: Site, jobs: int) -> None:
    site.build(jobs=jobs)
    site.set_facts({"page-one": "one B", "page-two": "two A"})
    assert site.build(jobs=jobs) == (set(), {"page-one"})
    assert site.shown("page-one") == "one B"
    assert site.build(jobs=jobs) == (set(), set())


def test_fact_that_comes_and_goes(site: Site) -> None:
    site.build()
    site.set_facts({"page-one": "one A", "page-none": "new"})
    assert site.build() == (set(), {"page-two", "page-none"})
    assert site.shown("page-two") == ""
    assert site.build() == (set(), set())
    site.set_facts({"page-one": "one A", "page-two": "two A"})
    assert site.build() == (set(), {"page-two", "page-none"})
    assert site.build() == (set(), set())


def test_changed_source_is_read_and_written_as_ever(site: Site) -> None:
    site.build()
    site.write("page-one.rst", "Another title\n=============\n")
    assert site.build() == ({"page-one"}, {"page-one"})


@pytest.mark.parametrize("order", [("html", "dirhtml"), ("dirhtml", "html")])
def test_builders_that_share_the_doctrees(site: Site, order: tuple[str, str]) -> None:
    for builder in order:
        site.build(builder)
    site.set_facts({"page-one": "one B", "page-two": "two A"})
    for builder in order:
        assert site.build(builder) == (set(), {"page-one"})
        assert site.shown("page-one", builder) == "one B"
    for builder in order:
        assert site.build(builder) == (set(), set())


def test_builder_that_was_left_out_for_a_while(site: Site) -> None:
    site.build("html")
    site.build("dirhtml")
    for state in "BCA":
        site.set_facts({"page-one": f"one {state}", "page-two": "two A"})
        assert site.build("html") == (set(), {"page-one"})
    # The other builder slept through B and C: its page is still right.
    assert site.build("dirhtml") == (set(), set())
    site.set_facts({"page-one": "one D", "page-two": "two A"})
    site.build("html")
    assert site.build("dirhtml") == (set(), {"page-one"})


def test_two_output_folders_of_one_builder(site: Site) -> None:
    site.build(output="here")
    site.build(output="there")
    site.set_facts({"page-one": "one B", "page-two": "two A"})
    assert site.build(output="here").written == {"page-one"}
    assert site.build(output="there").written == {"page-one"}
    assert site.shown("page-one", "there") == "one B"


def test_deleted_and_renamed_pages(site: Site) -> None:
    site.build()
    (site.source / "page-one.rst").rename(site.source / "page-three.rst")
    site.set_facts({"page-one": "one A", "page-two": "two A", "page-three": "three A"})
    report = site.build()
    assert report.read == {"index", "page-three"}
    assert "page-three" in report.written
    [memory] = site.memories()
    assert set(json.loads(memory.read_text())["pages"]) == {"page-two", "page-three"}
    assert site.build() == (set(), set())
    # A page that comes back under its old name is not taken for the old one.
    site.write("page-one.rst", "One again\n=========\n")
    assert "page-one" in site.build().written
    assert site.build() == (set(), set())


# After an error Sphinx reads all pages again, after an interruption only those that changed.
@pytest.mark.parametrize(
    ("breaks_with", "seen"),
    [(ValueError("on purpose"), ExtensionError), (KeyboardInterrupt(), KeyboardInterrupt)],
    ids=["error", "interruption"],
)
def test_broken_build_is_made_good(
    site: Site, breaks_with: BaseException, seen: type[BaseException]
) -> None:
    site.build()
    site.set_facts({"page-one": "one B", "page-two": "two B"})
    site.break_at = "page-two"
    site.breaks_with = breaks_with
    with pytest.raises(seen):
        site.build()
    assert site.shown("page-one") == "one B"
    site.break_at = ""
    site.set_facts({"page-one": "one A", "page-two": "two A"})
    site.build()
    assert site.shown("page-one") == "one A"
    assert site.build() == (set(), set())


def test_pages_named_on_the_command_line(site: Site) -> None:
    site.build()
    site.set_facts({"page-one": "one B", "page-two": "two B"})
    assert site.build(files=("page-one.rst",)).written == {"page-one"}
    assert site.build() == (set(), {"page-two"})
    site.set_facts({"page-one": "one B"})
    assert site.build(files=("page-one.rst",)).written == {"page-one"}
    assert site.build() == (set(), {"page-two"})
    assert site.shown("page-two") == ""


def test_unreadable_memory_is_no_memory(site: Site) -> None:
    site.build()
    [memory] = site.memories()
    for text in (b"", b"{", b"[]", b'{"format": 0, "pages": {}}', b'{"format": 2}', b"\xff"):
        memory.write_bytes(text)
        assert site.build() == (set(), {"page-one", "page-two"}), text
    assert site.build() == (set(), set())


def test_fresh_environment_and_lost_output(site: Site) -> None:
    site.build()
    everything = {"page-one", "page-two", "page-none"}
    assert site.build(fresh=True).written == everything
    for path in (site.outputs / "html").glob("page-*.html"):
        path.unlink()
    assert site.build() == (set(), everything)


@pytest.mark.parametrize("builder", ["text", "singlehtml", "latex", "gettext", "dummy", "man"])
def test_other_builders(site: Site, builder: str) -> None:
    site.build(builder)
    site.set_facts({"page-one": "one B", "page-two": "two A"})
    assert site.build(builder).read == set()
    if builder == "text":
        page = site.outputs / builder / "page-one.txt"
        assert "one B" in page.read_text(encoding="utf-8")


def test_no_half_written_memory_is_left(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*paths: object) -> None:
        message = "disk full"
        raise OSError(message)

    monkeypatch.setattr("sphinx_snapshots.kit.files.os.replace", refuse)
    with pytest.raises(Exception, match="disk full"):
        site.build()
    assert site.memories() == []


def test_while_the_data_stay_and_no_page_is_read_none_is_asked(site: Site) -> None:
    site.tells = True
    site.build()
    assert (site.asked != [], site.has_news, site.knew) == (True, True, False)
    assert site.build() == (set(), set())
    assert (site.asked, site.has_news, site.knew) == ([], False, True)
    site.set_facts({"page-one": "one B", "page-two": "two A"})
    assert site.build().written == {"page-one"}
    assert (site.has_news, site.knew) == (True, False)
    site.build()
    assert (site.asked, site.has_news) == ([], False)
    site.write("page-none.rst", "Again\n=====\n")
    site.build()
    assert site.has_news
    site.write("page-none.rst", ":orphan:\n\nAgain\n=====\n")
    site.write("index.rst", "Index\n=====\n\n.. toctree::\n\n   page-one\n   page-two\n")
    site.build()
    # No page is read when one goes that no other names.
    (site.source / "page-none.rst").unlink()
    assert site.build().read == set()
    assert site.has_news
    site.build()
    assert not site.has_news


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_page_that_was_read_is_asked_once_when_it_is_written(site: Site, jobs: int) -> None:
    site.build(jobs=jobs)
    assert (site.asked_early, len(site.asked), len(set(site.asked))) == ([], 4, 4)
    site.write("page-one.rst", "Again\n=====\n")
    site.build(jobs=jobs)
    assert site.asked_early == ["index", "page-none", "page-two"]
    assert site.asked == ["index", "page-none", "page-two", "page-one"]


def test_pages_that_were_not_written_are_asked_for_although_the_data_stay(site: Site) -> None:
    site.tells = True
    site.build()
    site.set_facts({"page-one": "one B", "page-two": "two B"})
    site.build(files=("page-one.rst",))
    assert site.build().written == {"page-two"}
    assert site.build() == (set(), set())
    site.set_facts({"page-one": "one C", "page-two": "two C"})
    site.break_at = "page-two"
    with pytest.raises(ExtensionError, match="on purpose"):
        site.build()
    site.break_at = ""
    site.build()
    assert (site.shown("page-one"), site.shown("page-two")) == ("one C", "two C")
