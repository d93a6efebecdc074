"""Verdicts on what Sphinx and requests say of a link; the rules; the list of files and PEPs."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from sphinx_snapshots.kit.files import FileError
from sphinx_snapshots.refstatus.linklist import (
    FileRecord,
    LinkList,
    SourceFile,
    file_url,
    parse_file_url,
    parse_pep_url,
    read_list,
    render_list,
)
from sphinx_snapshots.refstatus.verdicts import (
    Place,
    Seen,
    Word,
    judge,
    make_report,
    read_rules,
)

if TYPE_CHECKING:
    from pathlib import Path

URI = "https://site.example/page"
TODAY = date(2026, 11, 29)


@pytest.mark.parametrize(
    ("status", "info", "word", "may_pass"),
    [
        ("working", "", "good", False),
        ("redirected", "https://site.example/new", "good", False),  # without rules
        ("timeout", "Read timed out. (read timeout=1)", "unknown", True),
        ("ignored", "service unavailable", "unknown", True),
        ("ignored", "", "unknown", False),
        ("ignored", "ignored redirect: https://x.example/", "unknown", False),
        ("ignored", "unable to decode response content", "unknown", False),
        ("rate-limited", "", "unknown", False),
        ("broken", "403 Client Error: Forbidden for url: …", "unknown", False),
        ("broken", "408 Client Error: Request Timeout for url: …", "unknown", False),
        ("broken", "429 Client Error: Too Many Requests for url: …", "unknown", False),
        ("broken", "502 Server Error: Bad Gateway for url: …", "unknown", True),
        ("broken", "504 Server Error: Gateway Time-out for url: …", "unknown", True),
        ("broken", "500 Server Error: Internal Server Error for url: …", "broken", True),
        ("broken", "404 Client Error: Not Found for url: …", "broken", False),
        ("broken", "unauthorized", "broken", False),
        ("broken", "Anchor 'x' not found", "broken", False),
        ("broken", "('Connection aborted.', RemoteDisconnected('…'))", "unknown", True),
        ("broken", "Read timed out. (read timeout=1)", "unknown", True),  # until Sphinx 7.3
        ("broken", "(Caused by ProxyError('Unable to connect to proxy', …))", "unknown", True),
        ("broken", "(Caused by NameResolutionError(\"Failed to resolve 'x'\"))", "broken", True),
        ("broken", "Exceeded 30 redirects.", "broken", False),
        ("of a later Sphinx", "", "unknown", False),
    ],
)
def test_each_word_of_the_builder_has_a_verdict(
    status: str, info: str, word: str, *, may_pass: bool
) -> None:
    verdict = judge(URI, Seen(status, info), None, frozenset())
    assert (verdict.word, verdict.may_pass) == (word, may_pass)
    assert verdict.why or status == "working"


def test_an_anchor_is_made_by_script_on_github_and_on_its_further_hosts() -> None:
    def word(host: str) -> Word:
        seen = Seen("broken", "Anchor 'x' not found")
        return judge(f"https://{host}/o/r#x", seen, None, frozenset({"git.example.org"})).word

    assert (word("github.com"), word("git.example.org")) == (Word.GOOD, Word.GOOD)
    assert word("github.com.example.org") is Word.BROKEN


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"\xff", "rules.toml: "),
        (b"x = 1", "unknown field"),
        (b'[[exception]]\nurl="https://x.example/"\nreason="r"', "missing required field `until`"),
        (
            b'[[exception]]\nurl="https://x.example/*"\nreason="r"\nuntil=2027-01-01',
            "'https://x.example/*' is not an address; none stands for others",
        ),
        (
            b'[[exception]]\nurl="https://x.example/"\nreason=" "\nuntil=2027-01-01',
            "the rule for https://x.example/ has no reason",
        ),
        (
            b'[[redirect]]\nfrom="https://*"\nto="https://x.example/"\nreason="r"',
            "'https://*' is not an address, or its beginning with a star at the end",
        ),
        (
            b'[[redirect]]\nfrom="https://x.example/"\nto="https://x.example/"\nreason=""',
            "the rule for https://x.example/ has no reason",
        ),
    ],
)
def test_rules_that_cannot_be_used_are_refused(
    tmp_path: Path, content: bytes, message: str
) -> None:
    path = tmp_path / "rules.toml"
    path.write_bytes(content)
    with pytest.raises(FileError) as refused:
        read_rules(path)
    assert message in str(refused.value)
    assert str(path) in str(refused.value)


def test_rules_that_are_not_there_are_refused(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="cannot be read: No such file"):
        read_rules(tmp_path / "rules.toml")


def test_an_exception_counts_on_its_last_day_and_not_after_it(tmp_path: Path) -> None:
    path = tmp_path / "rules.toml"
    path.write_text(f'[[exception]]\nurl = "{URI}"\nreason = "r"\nuntil = {TODAY}\n')
    rules = read_rules(path)
    seen = {URI: Seen("broken", "404 Client Error: Not Found")}
    places = {URI: [Place("b.rst", 2), Place("a.rst", 7), Place("a.rst", 7)]}
    report = make_report(seen, places, rules, today=TODAY, asked=1)
    assert (report.word, report.problems) == (Word.GOOD, ())
    later = make_report(seen, places, rules, today=date(2026, 11, 30), asked=1)
    assert (later.word, len(later.problems)) == (Word.BROKEN, 1)
    assert later.of(Word.BROKEN)[0].places == (Place("a.rst", 7), Place("b.rst", 2))


def test_a_summary_shows_what_servers_say_as_it_is() -> None:
    seen = {URI: Seen("broken", "`@name` \n# heading")}
    report = make_report(seen, {}, None, today=TODAY, asked=1)
    assert f"- `{URI}`: `` `@name` # heading ``\n" in report.summary()
    assert report.links[0].verdict.why == "`@name` # heading"


def test_a_file_that_was_never_seen_is_not_taken_for_there() -> None:
    file = SourceFile("o/r", "v1.0", "a.c")
    seen = FileRecord(*file, checked=TODAY)
    assert LinkList(files={file: seen}).checked(file) == seen
    assert LinkList(files={file: FileRecord(*file)}).checked(file) is None


def test_a_list_is_read_as_it_was_written(tmp_path: Path) -> None:
    files = [SourceFile("o/r", "v1.0", "a b/c.c"), SourceFile("git.example.org/o/r", "2", "a.c")]
    records = {file: FileRecord(*file, checked=TODAY, by="hand") for file in files}
    links = LinkList(frozenset({1, 99, 100, 684}), TODAY, records)
    path = tmp_path / "links.jsonl"
    path.write_bytes(render_list(links))
    assert read_list(path) == links
    # A new PEP changes the line of its hundred.
    assert [line for line in path.read_text().splitlines() if "peps" in line][1:] == [
        '{"kind":"peps","numbers":[1,99]}',
        '{"kind":"peps","numbers":[100]}',
        '{"kind":"peps","numbers":[684]}',
    ]
    assert read_list(tmp_path / "none.jsonl") == LinkList()


HEADER = '{"kind":"header","format":1}\n'


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("<<<<<<< ours\n", ":1: a conflict that git left"),
        ('{"kind":"peps","numbers":[1]}\n', ":1: the first line must be the header"),
        ('{"kind":"header","format":2}\n', ":1: format 2, but this refstatus reads format 1"),
        (HEADER + '{"kind":"peps","number":1}\n', ":2: Object contains unknown field `number`"),
        *(
            (
                HEADER + f'{{"kind":"file","repository":"{repository}","tag":"{tag}",'
                f'"path":"{path}"}}\n',
                ":2: no address on GitHub leads to such a file",
            )
            for repository, tag, path in (
                ("o", "v1.0", "a.c"),
                ("O/R", "v1.0", "a.c"),
                ("o/r", "--upload-pack=x", "a.c"),
                ("o/r", "v1.0", "../a.c"),
                ("o/r", "v1.0", "/a.c"),
            )
        ),
    ],
)
def test_a_list_that_cannot_be_used_is_refused(tmp_path: Path, content: str, message: str) -> None:
    path = tmp_path / "links.jsonl"
    path.write_text(content)
    with pytest.raises(FileError) as refused:
        read_list(path)
    assert str(refused.value).startswith(f"{path}{message}")


@pytest.mark.parametrize(
    ("url", "file"),
    [
        ("https://github.com/O/R/blob/v1.0/a/b.c", ("o/r", "v1.0", "a/b.c")),
        ("http://www.github.com/o/r/raw/v1.0/a.c#L1", ("o/r", "v1.0", "a.c")),
        ("https://github.com/o/r/blob/v1.0/a%20b.c", ("o/r", "v1.0", "a b.c")),
        ("https://git.example.org/o/r/blob/1/a.c", ("git.example.org/o/r", "1", "a.c")),
        ("https://github.com/o/r/blob/v1.0/", None),
        ("https://github.com/o/r/blob/v1.0/a//b.c", None),
        ("https://github.com/o/r/blob/v1.0/%2e%2e/b.c", None),
        ("https://github.com/o/r/blob/-x/b.c", None),
        ("https://github.com/o/r/tree/v1.0/a", None),
        ("https://github.com/o/r/issues/1", None),
        ("https://github.com.example.org/o/r/blob/1/a.c", None),
        ("https://u@github.com/o/r/blob/1/a.c", None),
        ("ftp://github.com/o/r/blob/1/a.c", None),
        ("https://[/o/r/blob/1/a.c", None),
    ],
)
def test_the_address_of_a_file_is_known(url: str, file: tuple[str, str, str] | None) -> None:
    found = parse_file_url(url, frozenset({"git.example.org"}))
    assert found == file
    if found:
        assert parse_file_url(file_url(found), frozenset({"git.example.org"})) == found


@pytest.mark.parametrize(
    ("url", "number"),
    [
        ("https://peps.python.org/pep-0684/", 684),
        ("http://peps.python.org/pep-0001", 1),
        ("https://peps.python.org/pep-3121.html", 3121),
        ("https://peps.python.org/pep-0684/#abstract", None),
        ("https://peps.python.org/pep-684/", None),
        ("https://peps.python.org/pep-0684/?x", None),
        ("https://peps.python.org/", None),
        ("https://python.org/pep-0684/", None),
        ("https://[", None),
    ],
)
def test_the_address_of_a_pep_is_known(url: str, number: int | None) -> None:
    assert parse_pep_url(url) == number
