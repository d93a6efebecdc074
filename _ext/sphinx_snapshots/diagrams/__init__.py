"""Mermaid diagrams as drawings that are part of the page, and follow its theme.

The source stays in the page, in the ``mermaid`` directive of sphinxcontrib-mermaid. The drawings
are files in the repository, made by ``python -m sphinx_snapshots.diagrams draw``; a build only
reads them, and warns where a drawing is absent or no longer its diagram's. A reader's browser runs
no script for them and asks nobody.
"""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata


def setup(app: Sphinx) -> ExtensionMetadata:
    """Sphinx extension ``sphinx_snapshots.diagrams``."""
    from sphinx.errors import ExtensionError

    if find_spec("sphinxcontrib.mermaid") is None:
        raise ExtensionError(
            "sphinx_snapshots.diagrams needs sphinxcontrib-mermaid; "
            "run 'pip install \"sphinx-snapshots[diagrams]\"'"
        )
    from .. import __version__
    from ..kit.pages import add_page_domain, add_static_folder
    from ..kit.settings import add_settings
    from . import figures
    from .domain import DiagramDomain, NotedClassDiagram, NotedMermaid
    from .settings import Settings

    add_settings(app, Settings)
    app.setup_extension("sphinxcontrib.mermaid")
    app.add_directive("mermaid", NotedMermaid, override=True)
    app.add_directive("autoclasstree", NotedClassDiagram, override=True)
    add_page_domain(app, DiagramDomain)
    app.add_node(figures.DrawnDiagram, html=(figures.visit_drawn_diagram, None))
    text_version = (figures.visit_text_version, figures.depart_text_version)
    app.add_node(figures.TextVersion, html=text_version)
    app.add_post_transform(figures.PlaceDiagrams)
    add_static_folder(app, Path(__file__).with_name("static"))
    app.connect("config-inited", figures.keep_scripts_out)
    app.connect("html-page-context", figures.add_style_sheet)
    return {"version": __version__, "parallel_read_safe": True, "parallel_write_safe": True}
