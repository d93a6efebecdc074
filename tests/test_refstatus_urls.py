"""Which URLs, words and role arguments are tracker items, and which only look like it."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from refstatus.model import ItemKind, Reference
from refstatus.urls import (
    Citation,
    ItemLink,
    find_in_text,
    make_url,
    parse_argument,
    parse_url,
    short_name,
)

HOME = "python/cpython"
SHA = "5d38517aa1836542a5417b724c093bcb245f0f47"
BPO = Reference.bpo(40512)
ISSUE = Reference.github(HOME, 84692)
COMMIT = Reference.github_commit(HOME, SHA)

repositories = st.from_regex(r"[a-z0-9][a-z0-9-]{0,10}/[a-z0-9_][a-z0-9._-]{0,10}", fullmatch=True)
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


@given(references, st.booleans())
def test_the_address_of_an_item_leads_back_to_it(reference: Reference, is_pull: bool) -> None:
    assert parse_url(make_url(reference, is_pull=is_pull)) == ItemLink(reference)
    assert Reference.from_key(str(reference)) == reference


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
        ("#84692 PR 84692 Gh-84692 gH-84692", []),
        ("gh-0 gh-012 bpo-12345678901", []),
    ],
)
def test_prose_names_items(text: str, found: list[str]) -> None:
    assert [text[start:end] for start, end, _ in find_in_text(text, HOME)] == found


@given(st.text(alphabet="bpoghGH-0123456789 .,/\\#é", max_size=40))
def test_what_is_found_in_prose_is_named_there(text: str) -> None:
    for start, end, reference in find_in_text(text, HOME):
        number = text[start:end].partition("-")[2]
        assert reference in {Reference.bpo(int(number)), Reference.github(HOME, int(number))}


def link(reference: Reference, fragment: str = "") -> ItemLink:
    return ItemLink(reference, fragment)


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
    "argument", ["", ",", "84692,", "abc", "-1", "0", "1 2", "<>", "x <>", "84692#a b", "o/r", "!"]
)
@pytest.mark.parametrize("kind", [ItemKind.BPO, ItemKind.NUMBER])
def test_a_bad_argument_is_named_in_the_error(argument: str, kind: ItemKind) -> None:
    with pytest.raises(ValueError, match="write a number such as"):
        parse_argument(argument, kind, HOME)


@given(st.text(), st.sampled_from([ItemKind.BPO, ItemKind.NUMBER]))
def test_any_argument_gives_items_or_an_error_for_the_author(argument: str, kind: ItemKind) -> None:
    try:
        citations = parse_argument(argument, kind, HOME)
    except ValueError as error:
        assert "write a number such as" in str(error)  # noqa: PT017  success is right as well
    else:
        assert citations
        assert all(citation.text for citation in citations)


@given(references)
def test_a_short_name_can_be_written_in_a_role(reference: Reference) -> None:
    kind = ItemKind.BPO if reference.kind is ItemKind.BPO else ItemKind.NUMBER
    (citation,) = parse_argument(short_name(reference, HOME), kind, HOME)
    assert citation.link is not None
    named = citation.link.reference
    assert named == reference or reference.commit.startswith(named.commit)
