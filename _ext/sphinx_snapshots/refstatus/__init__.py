"""Tracker references that know what became of them.

Every link to an issue, pull request or commit, on bugs.python.org or GitHub, gets a badge with the
item's state. The states come from a file in the repository, the snapshot; a build reads nothing
else and never uses the network.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata

__all__ = ["setup"]


def setup(app: Sphinx) -> ExtensionMetadata:
    """Sphinx extension ``refstatus``."""
    # Not at the top: the command uses this package too, and should not wait for Sphinx to load.
    from . import extension

    return extension.setup(app)
