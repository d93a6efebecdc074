"""The questions of ``questions.md`` and ``asked.md`` are answered where these files say so.

The first file has questions that the site must answer, and words by which that section alone can be
known. The second has what people asked in public, and words that they type.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

import pytest
from sections import Section

REQUIRED_FILE = Path(__file__).parent / "questions.md"
ASKED_FILE = Path(__file__).parent / "asked.md"
QUESTION = re.compile(r"^(?P<number>\d+)\. (?P<question>.+\?)$", re.MULTILINE)
ANSWER = re.compile(r"→ (?P<page>[\w/-]+\.html)#(?P<anchor>[\w-]+): (?P<words>`.+`)$")
ASKED = "asked: "
NOT_ANSWERED = "not answered: "
THREAD = re.compile(r"https://\S+|[\w.-]+/[\w.-]+#[0-9]+")
#: Repeats what other pages say, so that its words stand twice.
RELEASES = "releases.html"


class Place(NamedTuple):
    """A section that answers a question, and words by which to know it."""

    page: str
    anchor: str
    words: tuple[str, ...]


class Question(NamedTuple):
    """A question, its answer in short, and the places that answer it.

    :param answer: in short, or why there is none.
    :param threads: where it was asked.
    """

    text: str
    answer: str
    places: tuple[Place, ...]
    threads: tuple[str, ...]


def read_place(line: str) -> Place | None:
    """The place that a line names, if it is written like one."""
    found = ANSWER.fullmatch(line)
    words = tuple(re.findall(r"`([^`]+)`", found["words"])) if found else ()
    return Place(found["page"], found["anchor"], words) if found else None


def read_questions(file: Path) -> list[Question]:
    """All questions of a file.

    :raises ValueError: one is not written like the others.
    """
    text = file.read_text("utf-8")
    starts = [*QUESTION.finditer(text)]
    ends = [*(match.start() for match in starts[1:]), len(text)]
    questions = []
    for number, (match, end) in enumerate(zip(starts, ends, strict=True), 1):
        lines = [line.strip() for line in text[match.end() : end].strip().splitlines()]
        threads = [line.removeprefix(ASKED) for line in lines if line.startswith(ASKED)]
        answer = " ".join(line for line in lines if not line.startswith(("→", ASKED)))
        places = [read_place(line) for line in lines if line.startswith("→")]
        read = tuple(place for place in places if place)
        answered = not answer.startswith(NOT_ANSWERED)
        if (
            not answer
            or bool(read) != answered
            or len(read) < len(places)
            or int(match["number"]) != number
        ):
            raise ValueError(f"{file.name}: question {number} is not written like the others")
        asked = tuple(" ".join(threads).split())
        questions.append(Question(match["question"], answer, read, asked))
    return questions


REQUIRED = read_questions(REQUIRED_FILE)
ASKED_QUESTIONS = read_questions(ASKED_FILE)


def sections_with(sections: list[Section], place: Place) -> list[Section]:
    """The sections that have all words of a place."""
    return [
        section
        for section in sections
        if (section.page != RELEASES or place.page == RELEASES)
        and all(word in section.text for word in place.words)
    ]


def test_there_are_25_questions() -> None:
    assert len(REQUIRED) == 25
    assert len({question.text for question in REQUIRED}) == 25


def test_each_place_is_known_by_two_phrases_or_more() -> None:
    places = [place for question in REQUIRED for place in question.places]
    assert [place.anchor for place in places if len(set(place.words)) < 2] == []


@pytest.mark.parametrize(
    "place",
    [place for question in REQUIRED for place in question.places],
    ids=lambda place: place.anchor,
)
def test_each_question_is_answered_where_it_says_and_nowhere_else(
    sections: list[Section], place: Place
) -> None:
    named = [s for s in sections if s.page == place.page and place.anchor in s.ids]
    assert len(named) == 1, f"no #{place.anchor} on {place.page}"
    assert [word for word in place.words if word not in named[0].text] == []
    assert sections_with(sections, place) == named


def test_nine_in_ten_of_80_questions_that_people_asked_are_answered() -> None:
    assert len({question.text for question in ASKED_QUESTIONS}) == len(ASKED_QUESTIONS) >= 80
    answered = [question for question in ASKED_QUESTIONS if question.places]
    assert len(answered) >= 0.9 * len(ASKED_QUESTIONS)


def test_each_question_that_people_asked_names_its_threads() -> None:
    wrong = [
        question.text
        for question in ASKED_QUESTIONS
        if not question.threads or not all(map(THREAD.fullmatch, question.threads))
    ]
    assert wrong == []


def test_what_is_not_answered_says_why() -> None:
    reasons = [question.answer for question in ASKED_QUESTIONS if not question.places]
    assert all(reason.removeprefix(NOT_ANSWERED).strip() for reason in reasons)


def test_what_people_asked_stands_in_the_section_named(sections: list[Section]) -> None:
    wrong = []
    for question in ASKED_QUESTIONS:
        for place in question.places:
            named = [s for s in sections if s.page == place.page and place.anchor in s.ids]
            wrong += [
                (question.text, f"{place.page}#{place.anchor}", word)
                for word in place.words
                if not any(word in section.text for section in named)
            ]
    assert wrong == []
