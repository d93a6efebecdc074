"""Warnings with a type and a subtype, so that ``suppress_warnings`` can name each."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Final

from sphinx.util import logging

if TYPE_CHECKING:
    from docutils import nodes

_logger: Final = logging.getLogger(__name__)


class AuthorWarning(StrEnum):
    """Base of an enumeration with one documented member for each warning of an extension.

    A member's value is the warning's subtype, the class's keyword ``type`` its type::

        class WarningType(AuthorWarning, type="refstatus"):
            #: A role's argument names no item.
            ARGUMENT = "argument"

        WarningType.ARGUMENT.warn("there is no number in it", location)
    """

    _warning_type: str

    def __init_subclass__(cls, *, type: str) -> None:  # noqa: A002  as Sphinx names it
        super().__init_subclass__()
        cls._warning_type = type

    def warn(
        self, message: str, location: nodes.Node | tuple[str, int] | str | None = None
    ) -> None:
        """Warn the author, at ``location``: a node, a file, or docname and line."""
        _logger.warning(
            "%s", message, type=self._warning_type, subtype=self.value, location=location
        )
