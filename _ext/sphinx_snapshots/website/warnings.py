"""What authors are warned of."""

from __future__ import annotations

from ..kit.warnings import AuthorWarning


class WarningType(AuthorWarning, type="website"):
    """Subtype of each warning; its type is ``website`` (``website.fact``)."""

    #: Nobody counts what a page wants to tell the number of.
    FACT = "fact"
    #: A page that moved is still there, or has moved to where no page is.
    MOVED = "moved"
