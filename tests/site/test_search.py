"""The search of the site: what can be found, and what it is measured by."""

from __future__ import annotations

import gzip
from collections import Counter
from typing import TYPE_CHECKING, Any

import msgspec
import pytest
from queries import Places, read_queries

if TYPE_CHECKING:
    from conftest import Site
    from sections import Section

#: What a search loads, compressed. Texts are cut for it: see the export of the extension.
MOST_BYTES = 170_000


@pytest.fixture(scope="module")
def records(site: Site) -> dict[str, Any]:
    data: dict[str, Any] = msgspec.json.decode((site.folder / "search-records.json").read_bytes())
    return data


def test_the_queries_are_many_and_a_quarter_is_kept_apart() -> None:
    queries = read_queries()
    assert len({query.text for query in queries}) == len(queries) >= 84
    parts = Counter(query.part for query in queries)
    assert parts["kept"] >= (parts["tuned"] + parts["kept"]) / 4
    assert parts["strangers"] > 90
    kinds = {query.kind for query in queries}
    assert {"api", "british", "item", "message", "question", "typo"} <= kinds


def test_each_query_names_sections_that_are_there(site: Site, sections: list[Section]) -> None:
    places = Places(sections, site.labels)
    missing = []
    for query in read_queries():
        for name in query.right:
            try:
                assert list(places.addresses(name))
            except KeyError:
                missing.append((query.text, name))
    assert missing == []


def test_sections_terms_items_and_probes_can_all_be_found(
    site: Site, records: dict[str, Any], sections: list[Section]
) -> None:
    pages = [page for page, *_ in records["pages"]]
    found: dict[str, set[tuple[str, str]]] = {}
    for kind, page, *rest in records["records"]:
        found.setdefault(kind, set()).add((pages[page], rest[0] if rest else ""))
    assert {page for page, _ in found["page"]} == {f"{name}.html" for name in site.pages}
    # A probe has a section as well, and is found as a probe.
    others = [
        section
        for section in sections
        if found["probe"].isdisjoint((section.page, name) for name in section.ids)
    ]
    assert len(found["page"] | found["section"]) == len(others)
    ids = {section.page: set[str]() for section in sections}
    for section in sections:
        ids[section.page] |= section.ids
    nowhere = [
        (page, anchor)
        for places in found.values()
        for page, anchor in places
        if anchor and anchor not in ids[page]
    ]
    assert nowhere == []
    cited = msgspec.json.decode((site.folder / "references.json").read_bytes())["items"]
    assert len(found["item"]) == len(cited)
    shown = {name for names in ids.values() for name in names if name.startswith("probe-")}
    assert {anchor for _, anchor in found["probe"]} <= shown
    assert len(found["probe"]) > 200
    assert len(found["term"]) > 40


def test_a_search_loads_little(site: Site) -> None:
    files = [site.folder / "search-records.json"]
    files += sorted((site.folder / "_static").glob("snapshots-search*"))
    files += sorted((site.folder / "_static/snapshots-search").iterdir())
    sizes = {path.name: len(gzip.compress(path.read_bytes())) for path in files if path.is_file()}
    assert len(sizes) == 6
    assert sum(sizes.values()) <= MOST_BYTES, sizes
