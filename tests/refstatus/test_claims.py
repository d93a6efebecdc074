"""What sentences claim, and which claims the snapshot contradicts: a corpus, and odd cases."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sphinx_snapshots.refstatus.claims import WHILE, contradiction, holds
from sphinx_snapshots.refstatus.model import Reference, State, Status
from sphinx_snapshots.refstatus.sentences import find_claims, phrases_of
from sphinx_snapshots.refstatus.texts import read_comments, read_page

if TYPE_CHECKING:
    from collections.abc import Iterator

HOME = "python/cpython"
CORPUS = tomllib.loads((Path(__file__).parent / "sentences.toml").read_text())["sentence"]
OTHER = Reference.github(HOME, 107)
WORLD = {
    "gh-101": Status(OTHER, State.OPEN, is_pull=False),
    "gh-102": Status(OTHER, State.NOT_PLANNED, is_pull=False),
    "gh-103": Status(OTHER, State.DUPLICATE, is_pull=False),
    "gh-104": Status(OTHER, State.OPEN, is_pull=True),
    "gh-105": Status(OTHER, State.DRAFT, is_pull=True),
    "gh-106": Status(OTHER, State.CLOSED, is_pull=True),
    "gh-107": Status(OTHER, State.MERGED, is_pull=True, first_release="3.11.0a4"),
    "gh-108": Status(
        OTHER, State.MERGED, is_pull=True, first_release="3.10.0a4", reverted_by=OTHER
    ),
    "gh-109": Status(OTHER, State.COMPLETED, is_pull=False),
    "gh-110": Status(OTHER, State.CLOSED, is_pull=False),
    "gh-111": Status(OTHER, State.MERGED, is_pull=True, first_release="3.12.4"),
    "gh-112": Status(OTHER, State.MISSING),
    "gh-113": Status(OTHER, State.UNKNOWN),
    "gh-114": Status(OTHER, State.MERGED, is_pull=True),
    "bpo-900": Status(OTHER, State.COMPLETED, is_pull=False),
}


def name_of(key: str) -> str:
    return key.replace(f"{HOME}#", "gh-")


def status_of(key: str) -> Status:
    return WORLD[name_of(key)]


def found(text: str) -> Iterator[str]:
    for passage in read_page(text, HOME):
        for claim in find_claims(passage, phrases_of()):
            if contradiction(claim, status_of):
                yield f"{name_of(claim.item)} {claim.says}"


def test_the_lint_finds_in_each_sentence_what_is_wrong_and_nothing_else() -> None:
    assert len(CORPUS) >= 80
    wrong = {case["text"]: list(found(case["text"])) for case in CORPUS}
    assert wrong == {case["text"]: case["finds"] for case in CORPUS}


@pytest.mark.parametrize(
    ("name", "states"),
    [
        ("gh-101", "open"),
        ("gh-102", "closed, not planned"),
        ("gh-103", "closed, duplicate"),
        ("gh-105", "open, draft"),
        ("gh-106", "closed"),
        ("gh-107", "merged"),
        ("gh-108", "reverted"),
        ("gh-109", "closed, completed"),
        ("gh-112", ""),
        ("gh-113", ", ".join(WHILE)),  # nothing is known against any of them
    ],
)
def test_an_item_is_in_these_of_the_states_that_an_author_can_write(name: str, states: str) -> None:
    assert ", ".join(state for state in WHILE if holds(state, WORLD[name])) == states


def lines_of(text: str) -> list[tuple[int, str]]:
    return [
        (m.line, name_of(m.item)) for passage in read_page(text, HOME) for m in passage.mentions
    ]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Code::\n\n   gh-101\n\ngh-102", [(5, "gh-102")]),
        (".. code-block:: c\n\n   gh-101\n\ngh-102", [(5, "gh-102")]),
        (".. a comment\n   on gh-101\n\ngh-102", [(4, "gh-102")]),
        (".. note:: gh-101\n\n   gh-102", [(1, "gh-101"), (3, "gh-102")]),
        (".. note::\n   :class: gh-101\n\n   gh-102", [(4, "gh-102")]),
        ("```\ngh-101\n```\ngh-102", [(4, "gh-102")]),
        ("~~~\ngh-101\n~~~\ngh-102", [(4, "gh-102")]),
        ("Title gh-101\n~~~~~~~~~~~~\n\ngh-102", [(4, "gh-102")]),
        ("# Title gh-101\ngh-102", [(2, "gh-102")]),
        ("``gh-101`` and `gh-102`", []),
        (">>> 1\ngh-101\n\nOut gh-102", [(4, "gh-102")]),
        (
            ":gh:`no number` :pr:`101,102` :issue:`x <103>`",
            [(1, "gh-101"), (1, "gh-102"), (1, "gh-103")],
        ),
        ("<https://github.com/python/cpython/pull/104>", [(1, "gh-104")]),
        ("https://example.org/gh-101", []),
        (":as-written:`nothing is before it` gh-101", [(1, "gh-101")]),
    ],
)
def test_a_page_outside_a_site_is_read_as_it_is_written(
    text: str, found: list[tuple[int, str]]
) -> None:
    assert lines_of(text) == found


@pytest.mark.parametrize(
    ("name", "source", "found"),
    [
        ("a.py", "x = 'gh-101'\n# gh-102\n", [(2, "# gh-102")]),
        ("a.py", "# one\n#\n# gh-101\n", [(3, "gh-101")]),
        ("a.py", "x = 1  # one gh-101\n# two gh-102\n", [(1, "one gh-101"), (2, "two gh-102")]),
        ("a.py", '"""gh-101 is\nso."""\n', [(1, "gh-101 is\nso.")]),
        ("a.c", "/*\n * gh-101 is\n * so\n */", [(2, "gh-101 is\nso")]),
        ("a.c", "// gh-101 is\n// so\nint x;", [(1, "gh-101 is\nso")]),
        ("a.c", '#include "gh-101.h"\n#define X "gh-102"\n', []),
        ("a.py", "", []),
        ("a.py", "# \N{SNOWMAN} gh-101\n\x00(", [(1, "\N{SNOWMAN} gh-101")]),
    ],
)
def test_of_a_program_the_comments_are_read(
    name: str, source: str, found: list[tuple[int, str]]
) -> None:
    passages = list(read_comments(name, source, HOME))
    assert [(p.mentions[0].line, p.text.strip()) for p in passages] == [
        (line, text.removeprefix("# ")) for line, text in found
    ]
