"""The page of messages has each message that the pages explain, sorted, and leads to its cure."""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING, NamedTuple

import pytest
from bs4 import BeautifulSoup, Tag
from sections import Section

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conftest import Site

PAGE = "messages"
#: The pages that have tables of messages.
EXPLAINED = (
    "finalization/fatal-errors",
    "finalization/messages-at-exit",
    "subinterpreters/limitations",
    "subinterpreters/refused-modules",
    "subinterpreters/users",
)
#: What a program prints before a message, and nobody looks for.
KIND = re.compile(r"^(?:(?:\w+(?:Error|Warning)|Fatal Python error): )?(?:… )?")
#: Literals in the first column that are no messages.
NO_MESSAGE = {"<stderr>", "PYTHONMALLOC", "debug", "pycore_pystate.h"}


class Row(NamedTuple):
    """A row of a table of messages.

    :param target: page and anchor of the link in its last column, or ``""``.
    """

    messages: tuple[str, ...]
    target: str


def tables(site: Site, docname: str) -> Iterator[list[Row]]:
    """The tables of a page whose first column is headed "Message"."""
    page = BeautifulSoup((site.folder / f"{docname}.html").read_text("utf-8"), "html.parser")
    for table in page.find_all("table"):
        heading = table.find("th")
        if heading is not None and heading.get_text(strip=True) == "Message":
            yield [row_of(row, docname) for row in table.select("tbody tr")]


def row_of(row: Tag, docname: str) -> Row:
    cells = row.find_all("td")
    literals = (" ".join(code.get_text().split()) for code in cells[0].find_all("code"))
    link = cells[-1].find("a", class_="internal")
    target = str(link["href"]) if link is not None else ""
    folder = posixpath.dirname(docname)
    return Row(
        tuple(KIND.sub("", literal) for literal in literals if literal not in NO_MESSAGE),
        posixpath.normpath(posixpath.join(folder, target)),
    )


def in_the_alphabet(message: str) -> str:
    """What a message is sorted by: signs do not count."""
    return re.sub("[^a-z0-9 ]", "", message.casefold()).strip()


@pytest.fixture(scope="module")
def listed(site: Site) -> list[list[Row]]:
    return [*tables(site, PAGE)]


def test_there_are_tables_of_messages_to_compare(site: Site, listed: list[list[Row]]) -> None:
    assert len([row for rows in listed for row in rows]) > 80
    assert len([row for page in EXPLAINED for rows in tables(site, page) for row in rows]) > 60


def test_each_message_that_a_table_explains_is_listed(site: Site, listed: list[list[Row]]) -> None:
    known = [message for rows in listed for row in rows for message in row.messages]
    explained = [
        message
        for page in EXPLAINED
        for rows in tables(site, page)
        for row in rows
        for message in row.messages
    ]
    assert [new for new in explained if not any(old.startswith(new) for old in known)] == []


def test_the_messages_are_sorted_and_none_is_listed_twice(listed: list[list[Row]]) -> None:
    for rows in listed:
        keys = [in_the_alphabet(row.messages[0]) for row in rows]
        assert keys == sorted(keys)
    messages = [message for rows in listed for row in rows for message in row.messages]
    assert len(messages) == len(set(messages))


def test_each_message_leads_to_a_section_that_has_it(
    listed: list[list[Row]], sections: list[Section]
) -> None:
    wrong = []
    for rows in listed:
        for row in rows:
            page, _, anchor = row.target.partition("#")
            named = [s for s in sections if s.page == page and anchor in s.ids]
            wrong += [
                (message, row.target)
                for message in row.messages
                if not any(message.rstrip(". ") in section.text for section in named)
            ]
    assert wrong == []
