"""The questions of ``questions.md``: each is answered where that file says it is."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest
from bs4 import BeautifulSoup, Tag

if TYPE_CHECKING:
    from conftest import Site

FILE = Path(__file__).parent / "questions.md"
QUESTION = re.compile(r"^(?P<number>\d+)\. (?P<question>.+\?)$", re.MULTILINE)
ANSWER = re.compile(r"→ (?P<page>[\w/-]+\.html)#(?P<anchor>[\w-]+): (?P<words>`.+`)$")


class Question(NamedTuple):
    """A question, its answer in short, and the section and words that answer it."""

    text: str
    answer: str
    page: str
    anchor: str
    words: tuple[str, ...]


def read_questions() -> list[Question]:
    """All questions of the file.

    :raises ValueError: one is not written like the others.
    """
    text = FILE.read_text("utf-8")
    starts = [*QUESTION.finditer(text)]
    ends = [*(match.start() for match in starts[1:]), len(text)]
    questions = []
    for number, (match, end) in enumerate(zip(starts, ends, strict=True), 1):
        *answer, place = (line.strip() for line in text[match.end() : end].strip().splitlines())
        found = ANSWER.fullmatch(place)
        if found is None or not answer or int(match["number"]) != number:
            raise ValueError(f"{FILE.name}: question {number} is not written like the others")
        words = tuple(re.findall(r"`([^`]+)`", found["words"]))
        question = Question(
            match["question"], " ".join(answer), found["page"], found["anchor"], words
        )
        questions.append(question)
    return questions


def test_there_are_25_questions() -> None:
    assert len(read_questions()) == 25
    assert len({question.text for question in read_questions()}) == 25


@pytest.mark.parametrize("question", read_questions(), ids=lambda question: question.anchor)
def test_each_question_is_answered_where_it_says(site: Site, question: Question) -> None:
    page = BeautifulSoup((site.folder / question.page).read_text("utf-8"), "html.parser")
    target = page.find(id=question.anchor)
    assert isinstance(target, Tag), f"no #{question.anchor} on {question.page}"
    section = target if target.name == "section" else target.find_parent("section")
    assert section is not None
    text = " ".join(section.get_text().split())
    assert [word for word in question.words if word not in text] == []
