"""What readers may look for: a record for each thing, in one file beside the pages."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import pytest
from site_builds import edit, warnings
from sphinx.errors import ExtensionError
from sphinx_snapshots.search.export import FILE_NAME, shorten

if TYPE_CHECKING:
    from site_builds import MakeApp


@pytest.fixture
def site(tmp_path: Path, rootdir: Path) -> Path:
    return Path(shutil.copytree(rootdir / "test-search", tmp_path / "site"))


def build(make_app: MakeApp, site: Path, builder: str = "html", parallel: int = 1) -> Path:
    """The folder of what was built."""
    app = make_app(builder, srcdir=site, parallel=parallel)
    app.build()
    return Path(app.outdir)


def records(folder: Path) -> dict[tuple[str, str], list[Any]]:
    """Heading, text and so on, by kind and address."""
    data = msgspec.json.decode((folder / FILE_NAME).read_bytes())
    found = {}
    for kind, page, *rest in data["records"]:
        anchor = f"#{rest[0]}" if rest and rest[0] else ""
        found[kind, data["pages"][page][0] + anchor] = rest[1:]
    assert len(found) == len(data["records"])
    return found


def test_each_thing_has_a_record_with_the_text_that_no_other_has(
    make_app: MakeApp, site: Path
) -> None:
    app = make_app("html", srcdir=site)
    app.build()
    assert warnings(app) == []
    folder = Path(app.outdir)
    assert records(folder) == {
        ("page", "index.html"): ["Home", "Where to begin: Locks & “keys”."],
        ("section", "index.html#words"): ["Words"],
        ("term", "index.html#term-latch"): ["latch", "A lock that opens once, see Notes."],
        ("page", "notes.html"): ["Notes", "The lead, with a latch."],
        # A program is told by its names.
        ("section", "notes.html#locks-keys"): [
            "Locks & “keys”",
            "A lock is halfopen, says gh-7. import lock lock.open",
            "",
            "padlock",
        ],
        ("section", "notes.html#inside"): ["Inside", "Text of its own."],
        ("page", "messages.html"): ["Messages", "All of them. Message Cure Answer"],
        # A row leads to what its last link leads to, or else to where it stands.
        ("message", "notes.html#locks-keys"): ["lock <x> is held", "let go · Locks & “keys”"],
        ("message", "messages.html"): ["no lock", "make one · nowhere"],
        ("page", "news.html"): ["News"],
        ("section", "news.html#in-3-12"): [
            "In 3.12",
            "Since 3.12 there are locks.",
            "",
            "changes in 3.12 new in 3.12",
        ],
        ("item", "index.html#python-cpython-7"): ["gh-7: Seven"],
    }
    html = (folder / "notes.html").read_text()
    assert '<script defer="defer" src="_static/snapshots-search.js' in html
    assert (folder / "_static/snapshots-search/minisearch.min.js").exists()


def test_an_incremental_build_and_a_parallel_one_give_the_same_file(
    make_app: MakeApp, site: Path, tmp_path: Path
) -> None:
    edit(site / "notes.rst", 'Locks & "keys"', "Locks and so")
    before = (build(make_app, site) / FILE_NAME).read_bytes()
    # Its heading is in the record of a page that is not read again.
    edit(site / "notes.rst", "Locks and so", "Other locks ")
    (site / "news.rst").write_text(":orphan:\n\nNews\n====\n")
    after = (build(make_app, site) / FILE_NAME).read_bytes()
    shutil.rmtree(site / "_build")
    assert after == (build(make_app, site, parallel=2) / FILE_NAME).read_bytes() != before
    assert b"Where to begin: Other locks." in after


def test_what_has_no_search_has_no_file_and_no_script(make_app: MakeApp, site: Path) -> None:
    folder = build(make_app, site, "singlehtml")
    assert not (folder / FILE_NAME).exists()
    assert "snapshots-search" not in (folder / "index.html").read_text()


@pytest.mark.parametrize(
    ("setting", "value", "advice"),
    [
        ("page_weights", {"a": 0}, "a dictionary such as {'about/*': 0.3}, with numbers above 0"),
        ("page_weights", ["a"], "a dictionary such as {'about/*': 0.3}, with numbers above 0"),
        ("synonyms", ["end"], "a list of lists of words"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named(
    make_app: MakeApp, site: Path, setting: str, value: object, advice: str
) -> None:
    name = f"snapshots_search_{setting}"
    with pytest.raises(ExtensionError, match=name) as caught:
        make_app("html", srcdir=site, confoverrides={name: value})
    assert str(caught.value).endswith(f"write {advice}")


def test_a_long_text_keeps_its_beginning_and_each_further_word_once() -> None:
    text = "The lock is held. The lock, a latch of 3.12, is held by a Latch."
    assert shorten(text, 100) == (text, "")
    assert shorten(text, 20) == ("The lock is held.", "a Latch of 3.12 by")
