"""Which URLs, words and role arguments are tracker items, and which only look like it."""

from __future__ import annotations

import re
import string
from contextlib import suppress
from time import process_time
from urllib.parse import unquote_plus

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from sphinx_snapshots.refstatus.model import ItemKind, Reference
from sphinx_snapshots.refstatus.urls import (
    Citation,
    ItemLink,
    find_bare_numbers,
    find_in_text,
    make_url,
    parse_argument,
    parse_url,
    short_name,
)

HOME = "python/cpython"
SHA = "5d38517aa1836542a5417b724c093bcb245f0f47"
BPO = Reference.bpo(40512)
HOSTS = frozenset({"git.example.org", "git.example.org:8443"})
ISSUE = Reference.github(HOME, 84692)
COMMIT = Reference.github_commit(HOME, SHA)

repositories = st.from_regex(
    r"(git\.example\.org(:8443)?/)?[a-z0-9][a-z0-9-]{0,10}/[a-z0-9_][a-z0-9._-]{0,10}",
    fullmatch=True,
)
numbers = st.integers(min_value=1, max_value=999_999_999)
commits = st.text("0123456789abcdef", min_size=7, max_size=40)
references = st.one_of(
    st.builds(Reference.bpo, numbers),
    st.builds(Reference.github, repositories, numbers),
    st.builds(Reference.github_commit, repositories, commits),
)


@pytest.mark.parametrize(
    ("url", "reference", "fragment"),
    [
        ("https://bugs.python.org/issue40512", BPO, ""),
        ("http://bugs.python.org/issue40512", BPO, ""),
        ("https://bugs.python.org/issue40512#msg368157", BPO, "msg368157"),
        ("https://bugs.python.org/issue?@action=redirect&bpo=40512", BPO, ""),
        ("https://bugs.python.org/issue?%40action=redirect&bpo=40512", BPO, ""),
        ("https://github.com/python/cpython/issues/84692", ISSUE, ""),
        ("https://github.com/python/cpython/issues/84692/", ISSUE, ""),
        ("https://github.com/python/cpython/issues/84692?x=1", ISSUE, ""),
        ("https://www.github.com/Python/CPython/issues/84692", ISSUE, ""),
        ("https://redirect.github.com/python/cpython/issues/84692", ISSUE, ""),
        ("HTTPS://GitHub.com/python/cpython/issues/84692", ISSUE, ""),
        (
            "https://github.com/python/cpython/issues/84692#issuecomment-5",
            ISSUE,
            "issuecomment-5",
        ),
        ("https://github.com/python/cpython/pull/84692", ISSUE, ""),
        ("https://github.com/python/cpython/pull/84692/files", ISSUE, ""),
        (f"https://github.com/python/cpython/pull/84692/commits/{SHA}", ISSUE, ""),
        ("https://github.com/python/cpython/pull/84692#discussion_r1", ISSUE, "discussion_r1"),
        (f"https://github.com/python/cpython/commit/{SHA}", COMMIT, ""),
        (
            "https://github.com/python/cpython/commit/5D38517",
            Reference.github_commit(HOME, "5d38517"),
            "",
        ),
    ],
)
def test_every_form_of_an_item_is_known(url: str, reference: Reference, fragment: str) -> None:
    assert parse_url(url) == ItemLink(reference, fragment)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "#issue40512",
        "ftp://github.com/python/cpython/issues/1",
        "//github.com/python/cpython/issues/1",
        "https://github.com.evil.org/python/cpython/issues/1",
        "https://evil.org/github.com/python/cpython/issues/1",
        "https://github.com@evil.org/python/cpython/issues/1",
        "https://user@github.com/python/cpython/issues/1",
        "https://github.com:443/python/cpython/issues/1",
        "https://github.com\\.evil.org/python/cpython/issues/1",
        "https://git\nhub.com/python/cpython/issues/1",
        "https://github.com/python/cpython/issues",
        "https://github.com/python/cpython/issues/",
        "https://github.com/python/cpython/issues/new",
        "https://github.com/python/cpython/issues/12abc",
        "https://github.com/python/cpython/issues/012",
        "https://github.com/python/cpython/issues/0",
        "https://github.com/python/cpython/issues/9999999999",
        "https://github.com/python/cpython/issues/١٢",
        "https://github.com/python/cpython/issues/1/x",
        "https://github.com/python/cpython/pull/12abc",
        "https://github.com/python/cpython/pulls/1",
        "https://github.com/python/../issues/1",
        "https://github.com/-x/cpython/issues/1",
        "https://github.com/a/python/cpython/issues/1",
        "https://github.com/python/cpython/commit/5d3851",
        "https://github.com/python/cpython/commit/main",
        "https://github.com/python/cpython/commits/5d38517",
        f"https://github.com/python/cpython/commit/{SHA}0",
        "https://bugs.python.org/issue",
        "https://bugs.python.org/issueabc",
        "https://bugs.python.org/issue?bpo=40512",
        "https://bugs.python.org/issue?@action=redirect&bpo=x",
        "https://bugs.python.org/issue?@action=redirect&bpo=1&bpo=2",
        "https://bugs.python.org/user1",
        "https://[::1/python/cpython/issues/1",
    ],
)
def test_look_alikes_are_left_alone(url: str) -> None:
    assert parse_url(url) is None


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("https://git.example.org/Acme/App/issues/5", "git.example.org/acme/app#5"),
        ("https://GIT.example.org/acme/app/pull/5/files#x", "git.example.org/acme/app#5"),
        ("http://git.example.org:8443/acme/app/issues/5", "git.example.org:8443/acme/app#5"),
        ("https://git.example.org/acme/app/commit/1234567", "git.example.org/acme/app@1234567"),
        ("https://github.com/acme/app/issues/5", "acme/app#5"),
        ("https://git.example.org/issue5", None),
        ("https://git.example.org/git.example.org/acme/app/issues/5", None),
        ("https://git.example.org.evil.org/acme/app/issues/5", None),
        ("https://www.git.example.org/acme/app/issues/5", None),
        ("https://user@git.example.org/acme/app/issues/5", None),
    ],
)
def test_links_of_further_hosts_are_known(url: str, key: str | None) -> None:
    link = parse_url(url, HOSTS)
    assert (str(link.reference) if link else None) == key


@pytest.mark.parametrize(
    "key",
    [
        "github.com/o/r#1",
        "www.GitHub.com/o/r#1",
        "host/o/r#1",
        "u@git.example.org/o/r#1",
        "a.b/c.d/o/r#1",
        ".b/o/r#1",
        "a..b/o/r#1",
        "git.example.org:/o/r#1",
        "git.example.org/r#1",
    ],
)
def test_a_host_has_one_spelling(key: str) -> None:
    with pytest.raises(ValueError, match="is not a key"):
        Reference.from_key(key)


fragments = st.text(string.ascii_letters + string.digits + "_-", max_size=20)


@given(references, fragments, st.booleans())
def test_the_address_of_an_item_leads_back_to_it(
    reference: Reference, fragment: str, is_pull: bool
) -> None:
    url = make_url(reference, fragment, is_pull=is_pull)
    assert parse_url(url, HOSTS) == ItemLink(reference, fragment)
    assert url.endswith(f"#{fragment}" if fragment else str(reference.number or reference.commit))
    assert Reference.from_key(str(reference)) == reference


def item_at(url: str) -> Reference | None:
    """The item at an address, found by hand: what parse_url() must agree with."""
    scheme, _, rest = url.partition("://")
    if scheme.lower() not in {"http", "https"} or any(c <= " " or c in "\x7f\\" for c in url):
        return None
    address = rest.partition("#")[0]
    page, _, query = address.partition("?")
    host, *steps = page.split("/")
    if host.lower() == "bugs.python.org":
        return old_item_at(steps, query)
    hosts = {"github.com", "www.github.com", "redirect.github.com"}
    if host.lower() not in hosts or len(steps) < 4:
        return None
    owner, name, word, which, *more = steps
    letters = set(string.ascii_letters + string.digits)
    is_owner = 0 < len(owner) <= 61 and owner[0] not in "-_" and set(owner) <= letters | set("-_")
    is_name = 0 < len(name) <= 100 and set(name) <= letters | set("-._") and name not in {".", ".."}
    ends_here = more in ([], [""])
    if is_owner and is_name:
        if is_number(which) and (
            word.lower() == "pull" or (word.lower() == "issues" and ends_here)
        ):
            return Reference.github(f"{owner}/{name}", int(which))
        is_hash = 7 <= len(which) <= 40 and set(which.lower()) <= set("0123456789abcdef")
        if is_hash and word.lower() == "commit" and ends_here:
            return Reference.github_commit(f"{owner}/{name}", which)
    return None


def old_item_at(steps: list[str], query: str) -> Reference | None:
    """What item_at() finds at bugs.python.org."""
    page, *more = steps or [""]
    number = page.removeprefix("issue")
    if page == "issue" and not more:
        fields = [field.partition("=") for field in query.split("&")]
        told = [(unquote_plus(name), unquote_plus(value)) for name, _, value in fields if value]
        numbers = [value for name, value in told if name == "bpo"]
        if [value for name, value in told if name == "@action"] != ["redirect"]:
            return None
        number = numbers[0] if len(numbers) == 1 else ""
    elif not page.startswith("issue") or more not in ([], [""]):
        return None
    return Reference.bpo(int(number)) if is_number(number) else None


def is_number(text: str) -> bool:
    return 0 < len(text) < 10 and set(text) <= set("0123456789") and text[0] != "0"


def one_of_often(*words: str) -> st.SearchStrategy[str]:
    """One of these words, the first of them in most cases."""
    return st.sampled_from([words[0]] * 2 * len(words) + list(words))


numbers_or_not = one_of_often(
    "84692", "1", "999999999", "0", "012", "9999999999", "1x", "\u0661", ""
)
hashes_or_not = one_of_often(SHA, SHA[:7], SHA[:7].upper(), SHA[:6], SHA + "0", "main", "")
schemes = one_of_often("https", "http", "HTTPS", "ftp", "", "httpss")
ends = one_of_often("", "/", "//", "/x", "?", "?x=1", "/?x=1#y", "#", "#issuecomment-5", "#/pull/1")
github_urls = st.builds(
    "{}://{}/{}/{}/{}{}".format,
    schemes,
    one_of_often(
        *(
            "github.com",
            "www.github.com",
            "redirect.github.com",
            "GitHub.com",
            "github.com.",
            "gist.github.com",
            "",
        ),
        *("github.com:443", "me@github.com", "github.com.evil.org", "evil.org/github.com"),
    ),
    one_of_often("python", "a-b", "-a", "a" * 39, "a" * 40, "a_b", "..", "\u212a", ""),
    one_of_often("cpython", "a.b_c", ".", "..", "...", "a" * 100, "a" * 101, "\u0131", ""),
    st.one_of(
        st.builds(
            "{}/{}".format, one_of_often("issues", "pull", "ISSUES", "pulls"), numbers_or_not
        ),
        st.builds("{}/{}".format, one_of_often("commit", "Commit", "commits"), hashes_or_not),
    ),
    ends,
)
old_urls = st.one_of(
    st.builds(
        "{}://{}/{}{}{}".format,
        schemes,
        one_of_often("bugs.python.org", "BUGS.python.org", "bugs.python.org:80", "python.org"),
        one_of_often("issue", "Issue", "user", "issues/"),
        numbers_or_not,
        ends,
    ),
    st.builds(
        "https://bugs.python.org/issue{}?{}".format,
        one_of_often("", "/", "1"),
        st.lists(
            one_of_often(
                *("@action=redirect", "bpo=84692", "%40action=redirect", "bpo=%31", "bpo="),
                *("@action=index", "@action", "bpo=1+2", "bpo=012", "x=1", "BPO=1", ""),
            ),
            max_size=4,
        ).map("&".join),
    ),
)


@st.composite
def nearly(draw: st.DrawFn, urls: st.SearchStrategy[str]) -> str:
    """An address in which some characters were put, replaced or left out."""
    url = draw(urls)
    for _ in range(draw(st.integers(0, 2))):
        start = draw(st.integers(0, len(url)))
        end = min(len(url), start + draw(st.integers(0, 2)))
        put = draw(st.text("/?#&=:@%.-+ \t\n\\\x00\x7f\u3000\uff0fissue0129abcgh[]", max_size=2))
        url = url[:start] + put + url[end:]
    return url


@given(st.one_of(nearly(github_urls), nearly(old_urls)))
@example("https://github.com/python/cpython/issues/1")
@example("https://github.com/python/cpython/pull/1/files#diff")
@example(f"https://github.com/python/cpython/commit/{SHA}/")
@example("https://bugs.python.org/issue?bpo=84692&@action=redirect")
@example("https://[github.com/python/cpython/issues/1")
@settings(max_examples=200)
def test_an_address_is_an_item_exactly_if_it_is_found_by_hand(url: str) -> None:
    link = parse_url(url)
    assert (link and link.reference) == item_at(url)
    if link:
        assert link.fragment == url.partition("#")[2]


@given(st.text())
@example("https://github.com/" + "a/" * 10_000)
@example("https://bugs.python.org/issue?" + "&".join(["bpo=1"] * 1000))
def test_no_text_makes_the_parser_of_urls_fail(text: str) -> None:
    for url in (text, f"https://github.com/{text}", f"https://bugs.python.org/{text}"):
        link = parse_url(url)
        if link is not None:
            assert Reference.from_key(str(link.reference)) == link.reference


@given(st.text())
def test_keys_are_read_or_refused_with_an_example(text: str) -> None:
    try:
        reference = Reference.from_key(text)
    except ValueError as error:
        assert "bpo-40512" in str(error)  # noqa: PT017  success is right as well
    else:
        assert Reference.from_key(str(reference)) == reference


def test_references_sort_by_number_not_by_digits() -> None:
    later, earlier = Reference.github(HOME, 100), Reference.github(HOME, 99)
    assert sorted([later, COMMIT, earlier, BPO]) == [BPO, COMMIT, earlier, later]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("see bpo-40512.", ["bpo-40512"]),
        ("(gh-84692, GH-101)", ["gh-84692", "GH-101"]),
        ("bpo-40512's", ["bpo-40512"]),
        ("bpo-1: bpo-2", ["bpo-1", "bpo-2"]),
        ("gh-84692-", ["gh-84692"]),
        ("xbpo-40512 bpo-40512x bpo_40512 bpo-", []),
        ("path/bpo-40512 bpo-40512/x bpo-40512.txt bpo-1-2", []),
        (r"\bpo-40512", []),
        ("\0bpo-40512 bpo\0-40512 bpo-1\0", ["bpo-1"]),
        ("#84692 PR 84692 gh84692 gh_84692 gh#x xgh#1", []),
        ("Gh-84692, BPO-40512, GH#84692", ["Gh-84692", "BPO-40512", "GH#84692"]),
        ("gh-issue-84692 gh-issue84692 gh-issue#84692", ["gh-issue-84692"]),
        ("gh-1/gh-2/bpo-3, gh-4/x, gh-5/gh-6.txt", ["gh-1", "gh-2", "bpo-3"]),
        ("gh-1..gh-2, gh-3...gh-4", ["gh-1", "gh-2", "gh-3", "gh-4"]),
        ("gh-1--gh-2, gh-3---gh-4", ["gh-1", "gh-2", "gh-3", "gh-4"]),
        ("x.gh-1 .gh-2 ../gh-3 ..gh-4", []),
        ("gh-0 gh-012 bpo-12345678901", []),
    ],
)
def test_prose_names_items(text: str, found: list[str]) -> None:
    assert [text[start:end] for start, end, _ in find_in_text(text, HOME)] == found


@given(st.text(alphabet="bpoghGH-0123456789 .,/\\#é", max_size=40))
@example("gh-" + "1/gh-" * 20_000)
def test_what_is_found_in_prose_is_named_there(text: str) -> None:
    for start, end, reference in find_in_text(text, HOME):
        number = text[start:end].replace("#", "-").rpartition("-")[2]
        assert reference in {Reference.bpo(int(number)), Reference.github(HOME, int(number))}


def link(reference: Reference, fragment: str = "") -> ItemLink:
    return ItemLink(reference, fragment)


# On pages where numbers are items: what is written to what is found in it.
BARE_NUMBERS = {
    "#101, PR 102, PR #103; issue 104 (Issue #105)": [
        "#101",
        "PR 102",
        "PR #103",
        "issue 104",
        "Issue #105",
    ],
    "pull request #101, Pull request 102": ["pull request #101", "Pull request 102"],
    "PR\n101, pull\nrequest\n#102, Pull  Request #103": [
        "PR\n101",
        "pull\nrequest\n#102",
        "Pull  Request #103",
    ],
    "PR\N{NO-BREAK SPACE}101, issue\N{NARROW NO-BREAK SPACE}#102": [
        "PR\N{NO-BREAK SPACE}101",
        "issue\N{NARROW NO-BREAK SPACE}#102",
    ],
    # The two ends of a range, or a row: all or none.
    "#101--#104": ["#101", "#104"],
    "#101---#104": ["#101", "#104"],
    "#101-#104": ["#101", "#104"],
    "#101\N{EN DASH}#104": ["#101", "#104"],
    "#101..#104, #101...#104": ["#101", "#104", "#101", "#104"],
    "#101/#104/#105": ["#101", "#104", "#105"],
    "#101&#104": ["#101", "#104"],
    "PR 101-PR 104": ["PR 101", "PR 104"],
    "PR 101--104": ["PR 101", "104"],
    "#101\N{EN DASH}104, #101..104": ["#101", "104", "#101", "104"],
    # Nobody knows which number is meant, or it is none.
    "#101--4": ["#101"],
    "#101\N{EN DASH}104th": ["#101"],
    "#101-104, #101-#104x, #101/#104x, #101/104": [],
    "&#101; a#101 ##101 x/#101 @#101 .#101 --#101 -#101 #101-x #101.5 #0": [],
    "#101-": ["#101"],
    "#101.": ["#101"],
}


@pytest.mark.parametrize(("text", "found"), BARE_NUMBERS.items())
def test_a_page_of_numbers_names_items(text: str, found: list[str]) -> None:
    numbers = list(find_bare_numbers(text, HOME))
    assert [text[start:end] for start, end, _ in numbers] == found
    assert [reference.number for _, _, reference in numbers] == [
        int(re.sub("[^0-9]", "", name)) for name in found
    ]


PEPS = Reference.github("python/peps", 4)


@pytest.mark.parametrize(
    ("argument", "citations"),
    [
        ("84692", [Citation(link(ISSUE), "gh-84692")]),
        ("gh-84692", [Citation(link(ISSUE), "gh-84692")]),
        ("#84692", [Citation(link(ISSUE), "gh-84692")]),
        ("python/cpython#84692", [Citation(link(ISSUE), "gh-84692")]),
        (
            "84692, python/peps#4",
            [Citation(link(ISSUE), "gh-84692"), Citation(link(PEPS), "python/peps#4")],
        ),
        ("text <84692>", [Citation(link(ISSUE), "text")]),
        ("text, with a comma <84692>", [Citation(link(ISSUE), "text, with a comma")]),
        ("84692+", [Citation(link(ISSUE), "gh-84692", with_title=True)]),
        ("!84692", [Citation(None, "gh-84692")]),
        ("84692#issuecomment-5", [Citation(link(ISSUE, "issuecomment-5"), "gh-84692")]),
        (f"@{SHA}", [Citation(link(COMMIT), "@5d38517")]),
        (SHA, [Citation(link(COMMIT), "@5d38517")]),
        ("1234567", [Citation(link(Reference.github(HOME, 1234567)), "gh-1234567")]),
        (
            "python/peps@5d38517",
            [
                Citation(
                    link(Reference.github_commit("python/peps", "5d38517")), "python/peps@5d38517"
                )
            ],
        ),
    ],
)
def test_grammar_of_the_gh_role(argument: str, citations: list[Citation]) -> None:
    assert parse_argument(argument, ItemKind.NUMBER, HOME) == citations


@pytest.mark.parametrize(
    ("argument", "citations"),
    [
        ("40512", [Citation(link(BPO), "bpo-40512")]),
        ("bpo-40512", [Citation(link(BPO), "bpo-40512")]),
        (
            "40512#msg7, 1",
            [Citation(link(BPO, "msg7"), "bpo-40512"), Citation(link(Reference.bpo(1)), "bpo-1")],
        ),
        ("why <40512>", [Citation(link(BPO), "why")]),
        ("!40512", [Citation(None, "bpo-40512")]),
    ],
)
def test_grammar_of_the_bpo_role(argument: str, citations: list[Citation]) -> None:
    assert parse_argument(argument, ItemKind.BPO, HOME) == citations


@pytest.mark.parametrize(
    "argument",
    [
        *(
            "",
            ",",
            "84692,",
            "abc",
            "1234567890",
            "gh-5d38517",
            "-1",
            "0",
            "1 2",
            "<>",
            "x <>",
            "84692#a b",
            "o/r",
        ),
        *("!", "!!84692", "! !84692", "!, 84692", "x <!84692>", "<84692>", "x <84692", "x <8>4>"),
        # A comment has no title, and that of its item would say what the link is not.
        *("84692#issuecomment-5+", "x <84692#issuecomment-5+>", "40512#msg7+"),
        pytest.param("!" * 3000 + "1", id="3000 times !"),
        pytest.param("a" + " " * 50_000 + "<", id="50,000 spaces"),
        pytest.param("<" * 50_000, id="50,000 times <"),
        pytest.param("a <" * 20_000 + "1>x", id="20,000 beginnings"),
    ],
)
@pytest.mark.parametrize("kind", [ItemKind.BPO, ItemKind.NUMBER])
def test_a_bad_argument_is_named_in_the_error(argument: str, kind: ItemKind) -> None:
    with pytest.raises(ValueError, match="write a number such as"):
        parse_argument(argument, kind, HOME)


@pytest.mark.parametrize(
    "argument",
    [
        "!" * 50_000 + "1",
        "a" + " " * 50_000 + "<",
        "a" + " " * 50_000 + "<1>",
        "a <" * 20_000 + "1>",
        "1," * 20_000 + "1",
    ],
    ids=lambda argument: argument[:4],
)
def test_a_long_argument_costs_no_more_than_its_length(argument: str) -> None:
    start = process_time()
    with suppress(ValueError):
        parse_argument(argument, ItemKind.NUMBER, HOME)
    # A second is what a slow machine takes to read them; their square would take hours.
    assert process_time() - start < 3


def test_a_bracket_behind_a_backslash_begins_no_target() -> None:
    with pytest.raises(ValueError, match="is not an item on GitHub"):
        parse_argument(r"text \<84692>", ItemKind.NUMBER, HOME)


@given(st.text(), st.sampled_from([ItemKind.BPO, ItemKind.NUMBER]))
@example("!" * 3000 + "1", ItemKind.NUMBER)
@example("a" + " " * 20_000 + "<", ItemKind.BPO)
def test_any_argument_gives_items_or_an_error_for_the_author(argument: str, kind: ItemKind) -> None:
    try:
        citations = parse_argument(argument, kind, HOME)
    except ValueError as error:
        assert "write a number such as" in str(error)  # noqa: PT017  success is right as well
    else:
        assert citations
        assert all(citation.text for citation in citations)


@st.composite
def targets(draw: st.DrawFn, kind: ItemKind) -> tuple[str, Citation]:
    """What an author writes to name an item, and what is to come of it."""
    number = draw(numbers)
    title = draw(st.booleans())
    if kind is ItemKind.BPO:
        fragment = draw(st.just("") | st.integers(1).map("msg{}".format))
        written = draw(st.sampled_from(["", "bpo-"])) + str(number)
        reference, text = Reference.bpo(number), f"bpo-{number}"
    else:
        fragment = draw(st.just("") | fragments)
        repository = draw(st.sampled_from(["", "python/peps", "Python/CPython", "a-1/B._-c"]))
        named = repository if repository.lower() != HOME else ""
        if draw(st.booleans()):
            prefix = "#" if repository else draw(st.sampled_from(["", "#", "gh-", "GH-"]))
            written = f"{repository}{prefix}{number}"
            reference = Reference.github(repository or HOME, number)
            text = f"{named}#{number}" if named else f"gh-{number}"
        else:
            commit = draw(commits)
            written = f"{repository}@{commit}"
            reference = Reference.github_commit(repository or HOME, commit)
            text = f"{named}@{commit[:7]}"
    title = title and not fragment
    written += (f"#{fragment}" if fragment else "") + ("+" if title else "")
    return written, Citation(ItemLink(reference, fragment), text, title)


spaces = st.text(" \n\t", max_size=2)
# Whatever an author may call an item; a space at an end would be cut off.
words = st.text(st.characters(exclude_characters="<\\!"), min_size=1).map(str.strip).filter(bool)


@st.composite
def written_arguments(draw: st.DrawFn, kind: ItemKind) -> tuple[str, list[Citation]]:
    """An argument of a role, and what is to come of it."""
    marks = st.sampled_from(["", "", "!"])
    if draw(st.booleans()):
        written, citation = draw(targets(kind))
        mark, text = draw(marks), draw(words)
        space = [draw(spaces) for _ in range(5)]
        whole = f"{space[0]}{mark}{space[1]}{text}{space[2]}<{space[3]}{written}{space[4]}>"
        return whole, [shown_as(citation, mark, text)]
    parts, citations = [], []
    for _ in range(draw(st.integers(1, 4))):
        written, citation = draw(targets(kind))
        mark = draw(marks)
        parts.append(f"{draw(spaces)}{mark}{draw(spaces) if mark else ''}{written}{draw(spaces)}")
        citations.append(shown_as(citation, mark, citation.text))
    return ",".join(parts), citations


def shown_as(citation: Citation, mark: str, text: str) -> Citation:
    return Citation(None, text) if mark else citation._replace(text=text)


@pytest.mark.parametrize("kind", [ItemKind.BPO, ItemKind.NUMBER])
@given(st.data())
@settings(max_examples=60)
def test_whatever_the_grammar_allows_is_understood(kind: ItemKind, data: st.DataObject) -> None:
    argument, citations = data.draw(written_arguments(kind))
    assert parse_argument(argument, kind, HOME) == citations


@given(references)
def test_a_short_name_can_be_written_in_a_role(reference: Reference) -> None:
    kind = ItemKind.BPO if reference.kind is ItemKind.BPO else ItemKind.NUMBER
    (citation,) = parse_argument(short_name(reference, HOME), kind, HOME)
    assert citation.link is not None
    named = citation.link.reference
    assert named == reference or reference.commit.startswith(named.commit)
