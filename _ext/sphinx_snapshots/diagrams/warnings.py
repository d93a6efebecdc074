"""What authors are warned of."""

from __future__ import annotations

from ..kit.warnings import AuthorWarning


class WarningType(AuthorWarning, type="diagrams"):
    """Subtype of each warning, for ``suppress_warnings`` (``diagrams.stale``)."""

    #: A diagram has no drawing.
    MISSING = "missing"
    #: A drawing was made from another source, or with other options, than the diagram has now.
    STALE = "stale"
    #: A drawing cannot be used: it was edited by hand, or damaged.
    DRAWING = "drawing"
    #: A diagram has no title or no description for those who do not see it.
    ACCESSIBILITY = "accessibility"
    #: A diagram has no name, an unfit one, or another diagram's.
    NAME = "name"
    #: A diagram has no caption.
    CAPTION = "caption"
    #: A drawing cannot be made into a PDF picture for LaTeX.
    PDF = "pdf"
