"""The warnings of this extension, so that ``suppress_warnings`` can name each."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Final

from sphinx.util import logging

if TYPE_CHECKING:
    from docutils import nodes

__all__ = ["WarningType", "warn"]

_logger: Final = logging.getLogger(__name__)


class WarningType(StrEnum):
    """Subtype of each warning; its type is ``behavior`` (``behavior.unknown``)."""

    #: A role or directive names no probe, or no subject.
    UNKNOWN = "unknown"
    #: A page cites a probe that has no results at all.
    RESULTS = "results"
    #: A probe has no result for a series that the site declares.
    SERIES = "series"
    #: No statement of any page names a probe.
    UNCITED = "uncited"
    #: A probe is cited, but no page shows it.
    HOMELESS = "homeless"


def warn(
    subtype: WarningType, message: str, location: nodes.Node | tuple[str, int] | str | None = None
) -> None:
    """Warn the author, at ``location`` (a node, a file, or docname and line)."""
    _logger.warning("%s", message, type="behavior", subtype=subtype.value, location=location)
