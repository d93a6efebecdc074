"""The questions of ``questions.md``: each is answered where that file says it is."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest
from sections import Section, sections_of

if TYPE_CHECKING:
    from conftest import Site

FILE = Path(__file__).parent / "questions.md"
QUESTION = re.compile(r"^(?P<number>\d+)\. (?P<question>.+\?)$", re.MULTILINE)
ANSWER = re.compile(r"→ (?P<page>[\w/-]+\.html)#(?P<anchor>[\w-]+): (?P<words>`.+`)$")
#: Repeats what other pages say, so that its words stand twice.
RELEASES = "releases.html"


class Place(NamedTuple):
    """A section that answers a question, and words by which to know it."""

    page: str
    anchor: str
    words: tuple[str, ...]


class Question(NamedTuple):
    """A question, its answer in short, and the places that answer it."""

    text: str
    answer: str
    places: tuple[Place, ...]


def read_place(line: str) -> Place | None:
    """The place that a line names, if it is written like one."""
    found = ANSWER.fullmatch(line)
    words = tuple(re.findall(r"`([^`]+)`", found["words"])) if found else ()
    return Place(found["page"], found["anchor"], words) if found else None


def read_questions() -> list[Question]:
    """All questions of the file.

    :raises ValueError: one is not written like the others.
    """
    text = FILE.read_text("utf-8")
    starts = [*QUESTION.finditer(text)]
    ends = [*(match.start() for match in starts[1:]), len(text)]
    questions = []
    for number, (match, end) in enumerate(zip(starts, ends, strict=True), 1):
        lines = [line.strip() for line in text[match.end() : end].strip().splitlines()]
        answer = [line for line in lines if not line.startswith("→")]
        places = [read_place(line) for line in lines if line.startswith("→")]
        read = tuple(place for place in places if place)
        if not answer or not read or len(read) < len(places) or int(match["number"]) != number:
            raise ValueError(f"{FILE.name}: question {number} is not written like the others")
        questions.append(Question(match["question"], " ".join(answer), read))
    return questions


QUESTIONS = read_questions()


@pytest.fixture(scope="module")
def sections(site: Site) -> list[Section]:
    """Every section of every page."""
    return sections_of(site)


def sections_with(sections: list[Section], place: Place) -> list[Section]:
    """The sections that have all words of a place."""
    return [
        section
        for section in sections
        if (section.page != RELEASES or place.page == RELEASES)
        and all(word in section.text for word in place.words)
    ]


def test_there_are_25_questions() -> None:
    assert len(QUESTIONS) == 25
    assert len({question.text for question in QUESTIONS}) == 25


def test_each_place_is_known_by_two_phrases_or_more() -> None:
    places = [place for question in QUESTIONS for place in question.places]
    assert [place.anchor for place in places if len(set(place.words)) < 2] == []


@pytest.mark.parametrize(
    "place",
    [place for question in QUESTIONS for place in question.places],
    ids=lambda place: place.anchor,
)
def test_each_question_is_answered_where_it_says_and_nowhere_else(
    sections: list[Section], place: Place
) -> None:
    named = [s for s in sections if s.page == place.page and place.anchor in s.ids]
    assert len(named) == 1, f"no #{place.anchor} on {place.page}"
    assert [word for word in place.words if word not in named[0].text] == []
    assert sections_with(sections, place) == named
