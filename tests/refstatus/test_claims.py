"""What sentences claim, and which claims the snapshot contradicts: a corpus, and odd cases."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

from sphinx_snapshots.refstatus.claims import contradiction, find_claims, phrases_of
from sphinx_snapshots.refstatus.model import Reference, State, Status
from sphinx_snapshots.refstatus.texts import read_page

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
