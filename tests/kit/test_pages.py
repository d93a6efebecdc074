"""What a domain of pages keeps, and when it is asked for what."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from docutils import nodes
from sphinx import addnodes
from sphinx.environment import BuildEnvironment
from sphinx_snapshots.kit.pages import Condition, Place, place_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from site_builds import MakeApp


@pytest.fixture
def site(tmp_path: Path, rootdir: Path) -> Path:
    return Path(shutil.copytree(rootdir / "test-kit", tmp_path / "site"))


def domain_of(make_app: MakeApp, site: Path, **options: object) -> Any:
    app = make_app("text", srcdir=site, **options)
    app.build()
    return app.env.get_domain("notes")


def test_pages_come_in_the_order_of_the_toctrees_and_others_behind_them(
    make_app: MakeApp, site: Path
) -> None:
    assert domain_of(make_app, site).order == ["index", "b", "a", "alone"]


def test_the_order_is_looked_for_once_in_a_build_however_many_pages_there_are(
    make_app: MakeApp, site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(20):
        (site / f"more-{number}.rst").write_text(f":orphan:\n\n{number}\n==\n")
    find = BuildEnvironment.collect_relations
    asked: list[BuildEnvironment] = []

    def note(env: BuildEnvironment) -> dict[str, list[str | None]]:
        asked.append(env)
        return find(env)

    monkeypatch.setattr(BuildEnvironment, "collect_relations", note)
    domain_of(make_app, site)
    assert len(asked) == 1


def test_links_to_places_in_one_file_look_once_into_the_contents_of_each_page(
    make_app: MakeApp, site: Path
) -> None:
    app = make_app("singlehtml", srcdir=site)
    app.build()
    domain: Any = app.env.get_domain("notes")
    looked_into: list[str] = []

    class Contents(dict[str, nodes.bullet_list]):
        def __getitem__(self, docname: str) -> nodes.bullet_list:
            looked_into.append(docname)
            return super().__getitem__(docname)

    app.env.tocs = Contents(app.env.tocs)
    domain.find_reading_order()
    app.env.current_document.docname = "index"
    for number in range(20):
        domain.link("a", f"place-{number}", "text")
    assert sorted(looked_into) == ["a", "b", "index"]


@pytest.mark.parametrize("parallel", [1, 3])
def test_what_is_noted_of_a_page_comes_and_goes_with_it(
    make_app: MakeApp, site: Path, parallel: int
) -> None:
    def paragraphs() -> Iterator[str]:
        noted: dict[str, int] = domain_of(make_app, site, parallel=parallel).data["paragraphs"]
        return (f"{name}: {count}" for name, count in sorted(noted.items()))

    for number in range(6):
        (site / f"more-{number}.rst").write_text(f":orphan:\n\n{number}\n==\n")
    more = [f"more-{number}: 0" for number in range(6)]
    assert list(paragraphs()) == ["a: 0", "alone: 0", "b: 1", "index: 0", *more]
    (site / "alone.rst").unlink()
    (site / "b.rst").write_text("B\n=\n\nText.\n\nMore.\n")
    assert list(paragraphs()) == ["a: 0", "b: 2", "index: 0", *more]


def test_old_copies_of_pages_that_another_process_holds_are_not_taken(
    make_app: MakeApp, site: Path
) -> None:
    domain = domain_of(make_app, site)
    # A process starts with a copy of all pages, and reads some of them again.
    other = {"paragraphs": {"a": 7, "b": 7}}
    domain.merge_domaindata({"b"}, other)
    assert {name: domain.data["paragraphs"][name] for name in ("a", "b")} == {"a": 0, "b": 7}


def test_a_place_is_in_the_innermost_section_under_all_conditions_around_it() -> None:
    text = nodes.paragraph("", "Text.")
    inner = nodes.section("", nodes.title("", "Inner"), addnodes.only("", text, expr="html"))
    inner["ids"] = ["inner"]
    addnodes.only("", nodes.section("", nodes.title("", "Outer"), inner, ids=["outer"]), expr="a")
    conditions = (Condition("only", "html"), Condition("only", "a"))
    assert place_of(text) == Place("inner", "Inner", conditions)


def test_what_stands_under_a_condition_that_makes_no_sense_is_kept_as_sphinx_keeps_it(
    make_app: MakeApp, site: Path
) -> None:
    domain = domain_of(make_app, site)
    conditions = [
        *(Condition("only", expression) for expression in ("text", "html", "html and")),
        *(Condition("ifconfig", expression) for expression in ("builder == 'text'", "0", "no +")),
    ]
    here = [domain.is_here(Place("", "", (condition,))) for condition in conditions]
    assert here == [True, False, True] * 2
