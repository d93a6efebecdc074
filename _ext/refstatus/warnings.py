"""The warnings of this extension, so that ``suppress_warnings`` can name each."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Final

from sphinx.util import logging

if TYPE_CHECKING:
    from docutils import nodes

_logger: Final = logging.getLogger(__name__)


class WarningType(StrEnum):
    """Subtype of each warning; its type is ``refstatus`` (``refstatus.argument``)."""

    #: A role's argument names no item.
    ARGUMENT = "argument"
    #: The option ``:page:`` of a directive names no page.
    PAGE = "page"
    #: The snapshot is absent, or odd without being unusable.
    SNAPSHOT = "snapshot"
    #: The snapshot is older than ``refstatus_max_age`` days.
    AGE = "age"


def warn(
    subtype: WarningType,
    message: str,
    location: nodes.Node | tuple[str, int] | str | None = None,
) -> None:
    """Warn the author, at ``location`` (a node, or docname and line)."""
    _logger.warning("%s", message, type="refstatus", subtype=subtype.value, location=location)
