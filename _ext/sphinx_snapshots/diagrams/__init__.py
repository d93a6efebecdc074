"""Mermaid diagrams as drawings that are part of the page, and follow its theme.

The source stays in the page, in the ``mermaid`` directive of sphinxcontrib-mermaid. The drawings
are files in the repository, made by ``python -m diagrams draw``; a build only reads them, and
warns where a drawing is absent or no longer its diagram's. A reader's browser runs no script for
them and asks nobody.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import collect, figures

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata

__all__ = ["setup"]


def setup(app: Sphinx) -> ExtensionMetadata:
    """Sphinx extension ``diagrams``."""
    app.add_config_value("diagrams_directory", "_data/diagrams", "html", types=frozenset({str}))
    collect.setup(app)
    figures.setup(app)
    return {"version": "1.0", "parallel_read_safe": True, "parallel_write_safe": True}
