"""The benchmark measures what it says: the sites it writes, and the ratios it prints."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from sphinx_snapshots.refstatus.snapshot import read

from benchmarks import refstatus_cost
from benchmarks.refstatus_cost import Cost, build, report, write_sites, write_snapshot


def test_the_sites_cite_the_same_ten_thousand_references(tmp_path: Path) -> None:
    write_sites(tmp_path)
    cited = {}
    for style in refstatus_cost.STYLES:
        pages = sorted((tmp_path / style).glob("page*.rst"))
        assert len(pages) == 40
        # A link of the plain kind has the number twice.
        number = re.compile(r"/issues/(\d+)>" if style == "plain" else r":(?:issue|gh):`(\d+)`")
        cited[style] = [number.findall(page.read_text()) for page in pages]
    assert cited["plain"] == cited["sphinx-issues"] == cited["refstatus"]
    assert {len(numbers) for numbers in cited["plain"]} == {250}
    numbers = [number for page in cited["plain"] for number in page]
    assert (len(numbers), len(set(numbers))) == (10_000, 5_000)
    assert numbers.count(str(refstatus_cost.CHANGING)) == 1
    snapshot = read(tmp_path / "refstatus" / "_data" / "references.jsonl")
    assert len(snapshot.records) == 10_000
    assert snapshot.remarks == ()


@pytest.mark.slow
def test_what_is_built_is_measured_and_one_status_changes_one_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {"PAGES": 2, "REFERENCES_A_PAGE": 5, "DISTINCT": 5, "RECORDS": 9}.items():
        monkeypatch.setattr(refstatus_cost, name, value)
    write_sites(tmp_path)
    site, out = tmp_path / "refstatus", tmp_path / "refstatus-out"
    cost = build(site, clean=True)
    assert 0.1 < cost.seconds < 60
    assert 20 < cost.memory < 1_000
    pages = [out / "page00.html", out / "page01.html"]
    before = [page.read_text() for page in pages]
    write_snapshot(site, "closed")
    build(site, clean=False)
    assert [page.read_text() == old for page, old in zip(pages, before, strict=True)] == [
        False,
        True,
    ]


def test_ratios_are_medians_of_the_rounds(capsys: pytest.CaptureFixture[str]) -> None:
    plain = [Cost(1.0, 100), Cost(2.0, 100), Cost(4.0, 100)]
    costs = {
        "plain": plain,
        "sphinx-issues": plain,
        "refstatus": [Cost(1.1, 110), Cost(2.4, 120), Cost(8.0, 130)],
        "no-op": plain,
        "one status": [Cost(1.5, 1), Cost(2.0, 1), Cost(4.0, 1)],
    }
    report(costs)
    told = capsys.readouterr().out
    assert "(medians of 3)" in told
    assert re.search(r"^refstatus +2\.40 +1\.10 +120$", told, re.MULTILINE)
    assert "CPU time, refstatus / plain: 1.200 (1.100 to 2.000)" in told
    assert "memory, refstatus / plain: 1.200 (1.100 to 1.300)" in told
    assert "CPU time, one status / no-op: 1.000 (1.000 to 1.500)" in told
