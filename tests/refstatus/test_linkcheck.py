"""The builder ``linkcheck``: what it asks for, and the verdict on every link.

One build of a small site has all cases: 1,000 links to items, and 50 others.
"""

from __future__ import annotations

import json
import os
import re
import socket
import time
import zlib
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

import pytest
from certificates import make_certificate
from internet import Internet, Page
from site_builds import warnings
from sphinx.errors import ExtensionError
from sphinx.testing.util import SphinxTestApp
from sphinx_snapshots.refstatus.linkcheck import _PatientWorker
from stand_in import StandIn

if TYPE_CHECKING:
    from collections.abc import Iterator

CPYTHON = "http://github.com/python/cpython"
BPO = "http://bugs.python.org"
SITE = "http://site.example"

# A server that has us wait for ever; one that says for how long, and one that does not.
BUSY = Page(429, {"Retry-After": "1"})
PAGES = {
    f"{SITE}/gone": [Page(404)],
    f"{SITE}/removed": [Page(410)],
    f"{SITE}/moved": [Page(302, {"Location": f"{SITE}/new"})],
    f"{SITE}/allowed": [Page(301, {"Location": f"{SITE}/new"})],
    f"{SITE}/excepted": [Page(404)],
    f"{SITE}/expired": [Page(404)],
    f"{SITE}/fails-once": [Page(500)] * 2 + [Page()],  # HEAD and GET
    f"{SITE}/fails": [Page(500)],
    f"{SITE}/out-once": [Page(503), Page()],
    f"{SITE}/out": [Page(503)],
    f"{SITE}/slow": [Page(delay=1.5)],
    f"{CPYTHON}/issues/300": [Page(404)],
    f"{CPYTHON}/issues/301": [
        Page(301, {"Location": "http://github.com/python/peps/issues/9"}),
    ],
    f"{CPYTHON}/wiki": [Page(403)],
    "http://limited.example/": [BUSY],
    "http://limited-once.example/": [BUSY, Page()],
    "http://limited-without-time.example/": [Page(429)],
}

GOOD_ASKED = {
    f"{SITE}/ok",
    f"{SITE}/fails-once",
    f"{SITE}/out-once",
    f"{SITE}/allowed",
    f"{SITE}/anchor#present",
    f"{CPYTHON}/issues/302",  # it has no record
    f"{CPYTHON}/issues/111",  # nor has what this one moved to
    f"{CPYTHON}/pull/20085/files",
    f"{CPYTHON}#made-by-script",
    f"{BPO}/issue12345",
    f"{CPYTHON}/blob/v3.9.0/Python/unchecked.c",
    f"{CPYTHON}/blob/main/Python/import.c",
    "http://peps.python.org/pep-0001/#present",
    "http://limited-once.example/",
}
BROKEN_ASKED = {
    f"{SITE}/gone": "404 ",
    f"{SITE}/removed": "410 ",
    f"{SITE}/moved": f"302, leads to {SITE}/new; write that, or allow it",
    f"{SITE}/expired": "404 ",
    f"{SITE}/fails": "500 ",
    f"{SITE}/anchor#absent": "Anchor 'absent' not found",
    f"{CPYTHON}/issues/300": "404 ",
    f"{CPYTHON}/issues/301": "301, leads to http://github.com/python/peps/issues/9; write",
}
UNKNOWN_ASKED = {
    f"{SITE}/out": "503 ",
    f"{SITE}/slow": "timed out",
    f"{SITE}/excepted": "404 ",
    f"{CPYTHON}/wiki": "403 ",
    "http://limited.example/": "429 ",
    "http://limited-without-time.example/": "429 ",
}
_DAY = "snapshot of 2026-11-22"
SHA = "5d38517aa1836542a5417b724c093bcb245f0f47"
VERIFIED = {
    f"{CPYTHON}/issues/101": f"verified: python/cpython#101, {_DAY}",
    "http://www.github.com/Python/CPython/issues/102/": f"verified: python/cpython#102, {_DAY}",
    "http://redirect.github.com/python/cpython/pull/104": f"verified: python/cpython#104, {_DAY}",
    f"{CPYTHON}/issues/101#issuecomment-7": (
        f"verified: python/cpython#101, {_DAY}; #issuecomment-7 on it is not checked"
    ),
    f"{CPYTHON}/commit/{SHA[:12]}": f"verified: python/cpython@{SHA[:12]}, {_DAY}",
    f"{BPO}/issue99999#msg5": f"verified: bpo-99999, {_DAY}; #msg5 on it is not checked",
    f"{BPO}/issue?@action=redirect&bpo=99999": f"verified: bpo-99999, {_DAY}",
    f"{CPYTHON}/blob/v3.9.0/Python/import.c#L7": (
        "verified: python/cpython v3.9.0 Python/import.c, checked with git on 2026-11-01; "
        "#L7 on it is not checked"
    ),
    "http://peps.python.org/pep-0684/": (
        "verified: PEP 684, list of peps.python.org of 2026-10-01"
    ),
    "http://docs.example/lib.html#name": "verified: name, inventory of Docs 1.0",
    "http://docs.example/lib.html": "verified: page of name, inventory of Docs 1.0",
}
KNOWN_BROKEN = {
    f"{CPYTHON}/issues/108": f"missing: python/cpython#108, {_DAY}",
    f"{CPYTHON}/issues/110": (
        f"missing: python/cpython#110, {_DAY}: it moved to python/cpython#108"
    ),
    f"{CPYTHON}/issues/107": (
        f"moved: python/cpython#107, {_DAY}, leads to https://github.com/python/peps/issues/4; "
        "write that, or allow it"
    ),
}
ITEMS = [f"{CPYTHON}/issues/{number}" for number in range(1_001, 2_001)]
RULES = f"""
[[redirect]]
from = "{SITE}/allow*"
to = "{SITE}/new"
reason = "the short address is the one to cite"

[[exception]]
url = "{SITE}/excepted"
reason = "they promised to mend it"
until = 2999-01-01

[[exception]]
url = "{SITE}/expired"
reason = "they promised to mend it soon"
until = 2026-01-01

[[exception]]
url = "{SITE}/ok"
reason = "it was broken once"
until = 2999-01-01
"""
LIST = """
{"kind":"header","format":1,"peps":"2026-10-01"}
{"kind":"peps","numbers":[1,684]}
{"kind":"file","repository":"python/cpython","tag":"v3.9.0","path":"Python/import.c","checked":"2026-11-01"}
{"kind":"file","repository":"python/cpython","tag":"v3.9.0","path":"Python/unchecked.c"}
"""
SNAPSHOT = f"""
{{"kind":"header","format":1,"refreshed":"2026-11-22","source":"made for the tests"}}
{{"kind":"bpo","key":"bpo-99999"}}
{{"kind":"commit","key":"python/cpython@{SHA}"}}
{{"kind":"issue","key":"python/cpython#101","state":"open"}}
{{"kind":"issue","key":"python/cpython#102","state":"open"}}
{{"kind":"pull","key":"python/cpython#104","state":"open"}}
{{"kind":"moved","key":"python/cpython#107","to":"python/peps#4"}}
{{"kind":"missing","key":"python/cpython#108"}}
{{"kind":"moved","key":"python/cpython#110","to":"python/cpython#108"}}
{{"kind":"moved","key":"python/cpython#111","to":"python/cpython#302"}}
"""
CONF = """
project = "Site"
extensions = ["sphinx.ext.intersphinx", "sphinx_snapshots.refstatus"]
intersphinx_mapping = {"docs": ("http://docs.example/", "objects.inv")}
refstatus_repository = "python/cpython"
refstatus_links = "links.jsonl"
refstatus_link_rules = "linkcheck.toml"
linkcheck_timeout = 1
linkcheck_rate_limit_timeout = 2.0
show_warning_types = True
"""


class Checked(NamedTuple):
    """What a build found, and what it asked for."""

    links: dict[str, dict[str, Any]]
    asked: set[str]
    text: str
    summary: str
    word: str
    status: int
    warnings: list[str]
    others: list[str]


def make_site(folder: Path, uris: list[str], conf: str = CONF) -> Path:
    """A site with these links on one page, and a second page that has one of its own."""
    (folder / "_data").mkdir(parents=True)
    records = [SNAPSHOT.lstrip()]
    for number in range(1_001, 2_001):
        records.append(f'{{"kind":"issue","key":"python/cpython#{number}","state":"open"}}\n')
    records.append('{"kind":"issue","key":"python/peps#4","state":"open"}\n')
    (folder / "_data/references.jsonl").write_text("".join(records))
    (folder / "links.jsonl").write_text(LIST.lstrip())
    (folder / "linkcheck.toml").write_text(RULES)
    (folder / "conf.py").write_text(conf)
    (folder / "objects.inv").write_bytes(_inventory())
    links = "".join(f"* `link {n} <{uri}>`__\n" for n, uri in enumerate(uris))
    page = f"Site\n====\n\n.. toctree::\n\n   other\n\n{links}"
    (folder / "index.rst").write_text(page)
    (folder / "other.rst").write_text(f"Other\n=====\n\nSee `that <{SITE}/gone>`__.\n")
    return folder


def _inventory() -> bytes:
    head = "# Sphinx inventory version 2\n# Project: Docs\n# Version: 1.0\n# The remainder of this"
    head += " file is compressed using zlib.\n"
    return head.encode() + zlib.compress(b"name py:function 1 lib.html#$ -\n")


def run(folder: Path) -> tuple[SphinxTestApp, dict[str, dict[str, Any]]]:
    app = SphinxTestApp("linkcheck", srcdir=folder)
    try:
        app.build()
    finally:
        app.cleanup()
    lines = (app.outdir / "output.json").read_text().splitlines()
    return app, {entry["uri"]: entry for entry in map(json.loads, lines)}


@pytest.fixture(scope="module")
def checked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Checked]:
    folder = tmp_path_factory.mktemp("linkcheck")
    with pytest.MonkeyPatch.context() as monkeypatch:
        with Internet(PAGES) as internet, StandIn(certificate=make_certificate(folder)) as tls:
            internet.take_over(monkeypatch)
            asked = {*GOOD_ASKED, *BROKEN_ASKED, *UNKNOWN_ASKED, f"{tls.address}/self-signed"}
            others = [f"http://other.example/{n}" for n in range(50 - len(asked))]
            known = [*VERIFIED, *KNOWN_BROKEN]
            site = make_site(folder / "site", [*ITEMS, *known, *sorted(asked), *others])
            app, links = run(site)
        yield Checked(
            links,
            set(internet.asked),
            (app.outdir / "output.txt").read_text(),
            (app.outdir / "summary.md").read_text(),
            (app.outdir / "verdict.txt").read_text(),
            app.statuscode,
            warnings(app),
            others,
        )


def test_fifty_of_a_thousand_and_fifty_links_are_asked_for(checked: Checked) -> None:
    not_known = {uri for uri, link in checked.links.items() if link["status"] != "verified"}
    assert len(ITEMS) == 1_000
    assert len(not_known - KNOWN_BROKEN.keys()) == 50
    without_fragment = {uri.partition("#")[0] for uri in not_known - KNOWN_BROKEN.keys()}
    # That with a certificate goes to its server past this one; redirects lead to two more.
    targets = {f"{SITE}/new", "http://github.com/python/peps/issues/9"}
    tls = {uri for uri in without_fragment if uri.startswith("https://127.0.0.1")}
    assert checked.asked == (without_fragment - tls) | targets
    assert f"{len(checked.links)} links: " in checked.summary
    assert f"{1_000 + len(VERIFIED) + len(KNOWN_BROKEN)} known, 50 asked for." in checked.summary


@pytest.mark.parametrize("uri", VERIFIED)
def test_what_is_committed_vouches_in_its_own_words(checked: Checked, uri: str) -> None:
    link = checked.links[uri]
    assert (link["verdict"], link["status"]) == ("good", "verified")
    assert link["info"] == link["why"] == VERIFIED[uri]
    assert f"index.rst:{link['lineno']}: [good] {uri}: {VERIFIED[uri]}\n" in checked.text


@pytest.mark.parametrize("uri", KNOWN_BROKEN)
def test_a_missing_item_is_broken_and_a_moved_one_a_redirect(checked: Checked, uri: str) -> None:
    link = checked.links[uri]
    assert (link["verdict"], link["why"]) == ("broken", KNOWN_BROKEN[uri])
    assert uri not in checked.asked


@pytest.mark.parametrize("uri", sorted(GOOD_ASKED))
def test_what_is_there_is_good(checked: Checked, uri: str) -> None:
    assert checked.links[uri]["verdict"] == "good"


def test_the_reason_of_what_is_good_all_the_same_is_told(checked: Checked) -> None:
    why = checked.links[f"{CPYTHON}#made-by-script"]["why"]
    assert why == "#made-by-script, made by script, is not checked"
    why = checked.links[f"{SITE}/allowed"]["why"]
    assert why == f"301, leads to {SITE}/new; allowed: the short address is the one to cite"


@pytest.mark.parametrize("uri", BROKEN_ASKED)
def test_what_is_broken_is_named_with_every_place(checked: Checked, uri: str) -> None:
    link = checked.links[uri]
    assert link["verdict"] == "broken"
    assert link["why"].startswith(BROKEN_ASKED[uri])
    assert f"- `{uri}`: " in checked.summary
    for place in link["places"]:
        named = f"{place['page']}:{place['line']}"
        assert f"  - `{named}`\n" in checked.summary
        assert f"{named}: [broken] {uri}: " in checked.text
        assert any(line.startswith(f"{named}: WARNING: {uri}: ") for line in checked.warnings)


def test_a_certificate_that_nobody_trusts_is_broken(checked: Checked) -> None:
    [link] = [link for uri, link in checked.links.items() if uri.endswith("/self-signed")]
    assert link["verdict"] == "broken"
    assert "self-signed certificate" in link["why"].lower().replace("self signed", "self-signed")


def test_places_are_all_uses_with_page_and_line(checked: Checked) -> None:
    link = checked.links[f"{SITE}/gone"]
    assert [place["page"] for place in link["places"]] == ["index.rst", "other.rst"]
    assert link["places"][1]["line"] == 4
    assert (link["filename"], link["lineno"]) == tuple(link["places"][0].values())


@pytest.mark.parametrize("uri", UNKNOWN_ASKED)
def test_what_nobody_can_tell_is_unknown_and_listed(checked: Checked, uri: str) -> None:
    link = checked.links[uri]
    assert link["verdict"] == "unknown"
    assert UNKNOWN_ASKED[uri] in link["why"]
    unknown = checked.summary.partition("## Unknown (6)\n")[2]
    assert f"- `{uri}`: " in unknown


def test_an_exception_holds_until_its_day_and_is_missed_by_nobody(checked: Checked) -> None:
    why = checked.links[f"{SITE}/excepted"]["why"]
    assert why.endswith("; excepted until 2999-01-01: they promised to mend it")
    expired = f"the exception for {SITE}/expired ended on 2026-01-01: they promised to mend it soon"
    assert f"## Rules\n\n- `{expired}`" in checked.summary
    assert f"WARNING: {expired} [refstatus.link]" in checked.warnings
    leftover = f"the exception for {SITE}/ok is not needed: its link is good, or gone"
    assert f"## Not needed\n\n- `{leftover}`" in checked.summary


def test_the_verdict_on_all_is_in_the_exit_status_and_in_a_file(checked: Checked) -> None:
    assert (checked.word, checked.status) == ("broken\n", 1)


@pytest.mark.parametrize(
    ("retry_after", "wait"),
    [
        ("0", 1),  # or else it would be asked without a pause
        ("3", 3),
        ("60", None),
        ("Thu, 01 Jan 2026 00:00:00 GMT", 1),
        ("Tue, 01 Jan 2999 00:00:00 GMT", None),
        ("soon", None),
        ("", None),
    ],
)
def test_a_host_is_waited_for_as_it_asks_but_not_longer_than_allowed(
    retry_after: str, wait: float | None
) -> None:
    class Worker(_PatientWorker):
        longest = 5.0
        ends: ClassVar[dict[str, float]] = {}

        def __init__(self) -> None:
            self.rate_limits = {}
            self.rate_limit_timeout = self.longest

    worker = Worker()
    until = worker.limit_rate("https://site.example/page", retry_after)
    assert until is None if wait is None else until == pytest.approx(time.time() + wait, abs=0.5)
    # What was given up keeps no other link of the host waiting.
    assert bool(worker.rate_limits) == (wait is not None)


@pytest.fixture
def nobody(monkeypatch: pytest.MonkeyPatch) -> str:
    """An address on this machine where nobody listens, and no proxy leads elsewhere."""
    for name in [*os.environ]:
        if name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{server.getsockname()[1]}"


def make_small_site(folder: Path, nobody: str, conf: str = "") -> Path:
    uris = [*(f"{nobody}/{n}" for n in range(9)), f"{CPYTHON}/issues/101"]
    start = CONF.partition("intersphinx_mapping")[0]
    return make_site(folder, uris, f"{start}show_warning_types = True\n{conf}")


@pytest.mark.parametrize("has_proxy", [False, True])
def test_without_a_network_one_line_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, nobody: str, *, has_proxy: bool
) -> None:
    if has_proxy:
        monkeypatch.setenv("http_proxy", nobody)
    site = make_small_site(tmp_path / "site", nobody)
    (site / "other.rst").write_text("Other\n=====\n")
    app, links = run(site)
    line = (
        "No network: none of 1 hosts can be reached, so nothing was asked. "
        "1 of 10 links are known without it."
    )
    assert warnings(app) == [f"WARNING: {line} [refstatus.link]"]
    assert (app.outdir / "summary.md").read_text() == f"{line}\n"
    assert (app.outdir / "verdict.txt").read_text() == "unknown\n"
    assert {link["verdict"] for uri, link in links.items() if nobody in uri} == {"unknown"}
    assert app.statuscode == 3


def test_a_proxy_that_leads_nowhere_is_no_network(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, nobody: str
) -> None:
    site = make_small_site(tmp_path / "site", nobody)
    (site / "index.rst").write_text("Site\n====\n\nhttps://site.example/a\n")
    picture = "https://site.example/picture.png"
    (site / "other.rst").write_text(f":orphan:\n\nOther\n=====\n\n.. image:: {picture}\n")
    with Internet({}) as internet:
        internet.take_over(monkeypatch)  # it makes no tunnel
        app, links = run(site)
    line = (
        "No network: no connection was made for any of 2 links. 0 of 2 links are known without it."
    )
    assert (app.outdir / "summary.md").read_text() == f"{line}\n"
    assert links[picture]["places"] == [{"page": "other.rst", "line": 6}]
    assert app.statuscode == 3


def test_a_file_that_is_not_beside_its_page_is_broken_even_without_a_network(
    tmp_path: Path, nobody: str
) -> None:
    site = make_small_site(tmp_path / "site", nobody)
    (site / "files").mkdir()
    (site / "files/there.txt").touch()
    uris = ["files/there.txt", "files/gone.txt", "mailto:a@site.example", "//host/x", "#here"]
    links = "".join(f"* `link {n} <{uri}>`__\n" for n, uri in enumerate(uris))
    (site / "other.rst").write_text(f"Other\n=====\n\n{links}")
    app, found = run(site)
    assert found.keys() & set(uris) == {"files/there.txt", "files/gone.txt"}
    assert found["files/there.txt"]["verdict"] == "good"
    gone = found["files/gone.txt"]
    assert (gone["verdict"], gone["why"]) == ("broken", "there is no such file")
    assert gone["places"] == [{"page": "other.rst", "line": 5}]
    assert app.statuscode == 1
    assert (app.outdir / "verdict.txt").read_text() == "broken\n"


def test_links_of_excluded_pages_are_unknown_and_nobody_is_asked(
    tmp_path: Path, nobody: str
) -> None:
    conf = 'linkcheck_exclude_documents = ["other", "old/.*"]\n'
    site = make_small_site(tmp_path / "site", nobody, conf)
    (site / "index.rst").write_text(f"Site\n====\n\n`That <{CPYTHON}/issues/101>`__\n")
    uris = [f"{CPYTHON}/issues/108", "files/gone.txt", f"{nobody}/x", f"{CPYTHON}/issues/101"]
    links = "".join(f"* `link {n} <{uri}>`__\n" for n, uri in enumerate(uris))
    (site / "other.rst").write_text(f":orphan:\n\nOther\n=====\n\n{links}")
    app, found = run(site)
    assert warnings(app) == []
    assert app.statuscode == 0
    *left_out, shared = uris
    why = "linkcheck_exclude_documents of conf.py leaves out its pages"
    assert {(found[uri]["verdict"], found[uri]["why"]) for uri in left_out} == {("unknown", why)}
    # It stands on another page, too.
    assert found[shared]["verdict"] == "good"
    assert found[shared]["places"] == [{"page": "index.rst", "line": 4}]


def test_an_address_that_an_excluded_page_has_first_is_asked_for_the_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, nobody: str
) -> None:
    site = make_small_site(tmp_path / "site", nobody, 'linkcheck_exclude_documents = ["index"]\n')
    (site / "index.rst").write_text(f"Site\n====\n\n.. toctree::\n\n   other\n\n{SITE}/gone\n")
    with Internet({f"{SITE}/gone": [Page(404)]}) as internet:
        internet.take_over(monkeypatch)
        app, found = run(site)
    assert found[f"{SITE}/gone"]["verdict"] == "broken"
    assert [place["page"] for place in found[f"{SITE}/gone"]["places"]] == ["other.rst"]
    assert app.statuscode == 1


def test_every_link_is_asked_for_where_wanted_and_judged_by_sphinx(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, nobody: str
) -> None:
    monkeypatch.setenv("http_proxy", nobody)
    site = make_small_site(tmp_path / "site", nobody, "refstatus_linkcheck_known = True\n")
    _, links = run(site)
    assert {link["status"] for link in links.values()} == {"broken"}
    assert f"{CPYTHON}/issues/101" in links


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("linkcheck.toml", "[[exception]]\nurl = 5", "Expected `str`"),
        ("linkcheck.toml", "[[exception", "linkcheck.toml: "),
        ("links.jsonl", '{"kind":"peps","numbers":[1]}\n', "links.jsonl:1: the first line must"),
    ],
)
def test_a_file_that_cannot_be_used_ends_the_build(
    tmp_path: Path, nobody: str, name: str, content: str, message: str
) -> None:
    settings = 'refstatus_links = "links.jsonl"\nrefstatus_link_rules = "linkcheck.toml"\n'
    site = make_small_site(tmp_path / "site", nobody, settings)
    (site / name).write_text(content)
    with pytest.raises(ExtensionError, match=re.escape(message)):
        run(site)
