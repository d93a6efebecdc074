"""The warnings of this extension, so that ``suppress_warnings`` can name each."""

from __future__ import annotations

from ..kit.warnings import AuthorWarning


class WarningType(AuthorWarning, type="refstatus"):
    """Subtype of each warning; its type is ``refstatus`` (``refstatus.argument``)."""

    #: A role's argument names no item, or a marker follows none.
    ARGUMENT = "argument"
    #: The option ``:page:`` of a directive names no page.
    PAGE = "page"
    #: The snapshot is odd without being unusable.
    SNAPSHOT = "snapshot"
    #: The snapshot is older than ``refstatus_max_age`` days.
    AGE = "age"
    #: An outside link is broken, or ``linkcheck`` could ask nobody.
    LINK = "link"
    #: The snapshot contradicts a sentence that cites an item.
    PROSE = "prose"
    #: A sentence names another release than the one that an item is first in.
    RELEASE = "release"
    #: An item is no longer in the state in which something was written.
    WRITTEN = "written"
