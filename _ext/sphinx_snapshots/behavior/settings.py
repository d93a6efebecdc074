"""The settings of this extension."""

from __future__ import annotations

from typing import ClassVar

from ..kit.settings import Settings, boolean, setting, strings, text
from .model import Series


def _series(value: object) -> tuple[Series, ...]:
    """Read a list of series."""
    try:
        return tuple(map(Series.from_text, strings(value)))
    except ValueError as error:
        raise ValueError(f'a list such as ["3.12", "3.13"]: {error}') from error


class BehaviorSettings(Settings):
    """What ``conf.py`` says.

    :param probes: the folder of the probes, seen from the source folder.
    :param results: the file of results, seen from the source folder.
    :param series: those that the site speaks of: the columns of the tables.
    :param pages: patterns of the pages whose sections are counted.
    :param other_headings: of the sections that state nothing.
    :param export: whether ``behavior.json`` is written.
    """

    prefix: ClassVar[str] = "behavior"

    probes: str = setting("probes", text, "env")
    results: str = setting("_data/behavior.jsonl", text)
    series: tuple[Series, ...] = setting([], _series)
    pages: tuple[str, ...] = setting(["*"], strings, "env")
    other_headings: tuple[str, ...] = setting([], strings, "env")
    export: bool = setting(False, boolean)
