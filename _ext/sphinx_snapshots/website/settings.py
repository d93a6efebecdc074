"""The settings of this extension."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ..kit.settings import Settings, setting


def _joined(value: object) -> tuple[tuple[str, tuple[str, ...]], ...]:
    if not isinstance(value, dict) or not all(
        isinstance(name, str)
        and name.endswith((".css", ".js"))
        and isinstance(parts, list | tuple)
        and all(isinstance(part, str) for part in parts)
        for name, parts in value.items()
    ):
        raise ValueError("a dictionary such as {'all.css': ['one.css', 'other.css']}")
    return tuple((name, tuple(parts)) for name, parts in value.items())


def _names(value: object) -> tuple[str, ...]:
    if not isinstance(value, list | tuple) or not all(isinstance(name, str) for name in value):
        raise ValueError("a list of strings")
    return tuple(value)


def _pairs(value: object) -> tuple[tuple[str, str], ...]:
    if not isinstance(value, dict) or not all(
        isinstance(old, str) and isinstance(new, str) for old, new in value.items()
    ):
        raise ValueError("a dictionary such as {'old/page': 'new/page'}")
    return tuple(sorted(value.items()))


@dataclass(frozen=True)
class WebsiteSettings(Settings):
    """What ``conf.py`` says.

    :param joined: name of a file and the style sheets or scripts that it is made of, all as they
        are named inside ``_static``.
    :param only_with: name of a joined file, and what the text of each page that needs it has, as
        HTML; or the template of the only page that needs it.
    :param late: name of a joined script, and the selector of the elements that it is for: it is not
        loaded before somebody points at one of them, or goes through the page by keyboard.
    :param unused: classes and ids, as ``.class`` and ``#id``, that no page has: joined style sheets
        are written without the rules for them.
    :param shrunk: style sheets that are not joined, as they are named inside ``_static``.
    :param template_changes: a text in templates, also in those of the theme, and what stands there
        instead; for what no block of a template gives room for.
    :param moved_pages: docname of each page that was there once, and of the one that has its text.
    :param moved_anchors: each place that was there once, as ``page#place``, and where it is.
    """

    prefix: ClassVar[str] = "website"

    joined: tuple[tuple[str, tuple[str, ...]], ...] = setting({}, _joined, "html")
    only_with: tuple[tuple[str, str], ...] = setting({}, _pairs, "html")
    late: tuple[tuple[str, str], ...] = setting({}, _pairs, "html")
    unused: tuple[str, ...] = setting([], _names, "html")
    shrunk: tuple[str, ...] = setting([], _names, "html")
    template_changes: tuple[tuple[str, str], ...] = setting({}, _pairs, "html")
    moved_pages: tuple[tuple[str, str], ...] = setting({}, _pairs, "html")
    moved_anchors: tuple[tuple[str, str], ...] = setting({}, _pairs, "html")
