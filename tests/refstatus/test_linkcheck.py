"""What the builder ``linkcheck`` asks for: what the snapshot cannot vouch for, and nothing else."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from refstatus_site import BPO, GITHUB, SHA, add_pages, build, copy_site

if TYPE_CHECKING:
    from site_builds import MakeApp

PEPS = "https://github.com/python/peps"

KNOWN = {
    f"{GITHUB}/issues/101",
    f"{GITHUB}/issues/84692",  # for bpo-40512
    f"{GITHUB}/pull/104",
    f"{GITHUB}/pull/20085",
    f"{GITHUB}/commit/{SHA}",
    f"{GITHUB}/commit/5d38517aa183",
    f"{PEPS}/issues/4",  # which gh-107 became
    f"{GITHUB}/issues/107",
    f"{BPO}/issue99999",  # which was never moved to GitHub, and has a record
    f"{BPO}/issue40512",
}
# However they are spelt.
KNOWN |= {
    "https://www.github.com/Python/CPython/issues/102/",
    f"{GITHUB}/issues/101".replace("https", "http"),
    f"{GITHUB}/PULL/104/".replace("PULL", "pull"),
}
ASKED = {
    f"{GITHUB}/issues/108",  # missing
    f"{GITHUB}/issues/109",  # no record
    f"{GITHUB}/issues/110",  # moved to what is missing
    f"{GITHUB}/issues/111",  # moved to what has no record
    f"{BPO}/issue12345",  # no record
    f"{GITHUB}/issues/103#issuecomment-7",
    f"{BPO}/issue40512#msg368157",
    f"{GITHUB}/pull/20085/files",
    f"{GITHUB}/pull/104/commits/{SHA}",
    f"{GITHUB}/issues",
    "https://example.org/",
}


@pytest.fixture
def site(tmp_path: Path, rootdir: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The test site, where every request fails at once and none leaves the machine."""
    for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    folder = copy_site(rootdir, tmp_path)
    with (folder / "_data/references.jsonl").open("a") as file:
        file.write('{"kind":"moved","key":"python/cpython#110","to":"python/cpython#108"}\n')
        file.write('{"kind":"moved","key":"python/cpython#111","to":"python/cpython#109"}\n')
    addresses = sorted(KNOWN | ASKED)
    add_pages(folder, {"more": "\n".join(f"* `{n} <{uri}>`__" for n, uri in enumerate(addresses))})
    return folder


def check_links(make_app: MakeApp, site: Path, **settings: object) -> dict[str, str]:
    """Address of each link to what became of it: "ignored", or "broken" if it was asked for."""
    settings = {
        "refstatus_bpo_links": "bpo",
        "suppress_warnings": ["refstatus.snapshot"],
        "linkcheck_retries": 1,
        **settings,
    }
    app = build(make_app, site, "linkcheck", confoverrides=settings)
    lines = (app.outdir / "output.json").read_text().splitlines()
    return {entry["uri"]: entry["status"] for entry in map(json.loads, lines)}


def test_what_a_refresh_asked_for_is_not_asked_for_again(make_app: MakeApp, site: Path) -> None:
    found = check_links(make_app, site)
    assert {uri for uri in KNOWN if found[uri] != "ignored"} == set()
    assert {uri for uri in ASKED if found[uri] != "broken"} == set()


def test_every_link_is_asked_for_where_wanted(make_app: MakeApp, site: Path) -> None:
    found = check_links(make_app, site, refstatus_linkcheck_known=True)
    assert {uri for uri in KNOWN | ASKED if found[uri] != "broken"} == set()


def test_what_the_project_ignores_stays_ignored(make_app: MakeApp, site: Path) -> None:
    found = check_links(make_app, site, linkcheck_ignore=["https://example"])
    assert found["https://example.org/"] == found[f"{GITHUB}/issues/101"] == "ignored"
    assert found[f"{GITHUB}/issues/108"] == "broken"


def test_no_other_builder_ignores_anything(make_app: MakeApp, site: Path) -> None:
    settings = {"suppress_warnings": ["refstatus.snapshot"]}
    app = build(make_app, site, "html", confoverrides=settings)
    assert app.warning.getvalue() == ""
    assert app.config.linkcheck_ignore == []
