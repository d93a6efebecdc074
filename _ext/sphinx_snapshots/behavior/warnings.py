"""The warnings of this extension, so that ``suppress_warnings`` can name each."""

from __future__ import annotations

from ..kit.warnings import AuthorWarning


class WarningType(AuthorWarning, type="behavior"):
    """Subtype of each warning; its type is ``behavior`` (``behavior.unknown``)."""

    #: A role or directive names no probe.
    UNKNOWN = "unknown"
    #: A page cites a probe that has no results at all.
    RESULTS = "results"
    #: A probe has no result for a series that the site declares.
    SERIES = "series"
    #: A probe has changed since it was run.
    STALE = "stale"
    #: No statement of any page names a probe.
    UNCITED = "uncited"
    #: A probe is cited, but no page shows it.
    HOMELESS = "homeless"
