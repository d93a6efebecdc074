"""The settings of this extension."""

from __future__ import annotations

from typing import Annotated, ClassVar

from msgspec import Meta

from ..kit.settings import Settings, read_as, setting, strings

_joined = read_as(
    dict[Annotated[str, Meta(pattern=r"\.(?:css|js)\Z")], tuple[str, ...]],
    "a dictionary such as {'all.css': ['one.css', 'other.css']}",
    lambda value: tuple(value.items()),
)
_pairs = read_as(
    dict[str, str],
    "a dictionary such as {'old/page': 'new/page'}",
    lambda value: tuple(sorted(value.items())),
)


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
    unused: tuple[str, ...] = setting([], strings, "html")
    shrunk: tuple[str, ...] = setting([], strings, "html")
    template_changes: tuple[tuple[str, str], ...] = setting({}, _pairs, "html")
    moved_pages: tuple[tuple[str, str], ...] = setting({}, _pairs, "html")
    moved_anchors: tuple[tuple[str, str], ...] = setting({}, _pairs, "html")
