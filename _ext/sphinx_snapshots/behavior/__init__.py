"""What each CPython series really does: small programs, run, their results shown on the pages.

The programs are run by ``python -m sphinx_snapshots.behavior probe``, which writes a file of
results. A build only reads that file.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata


def setup(app: Sphinx) -> ExtensionMetadata:
    """Sphinx extension ``sphinx_snapshots.behavior``."""
    app.require_sphinx("7.4")
    # Tests use modules of this package without Sphinx.
    from .. import __version__
    from ..kit.pages import add_page_domain, add_static_folder
    from ..kit.settings import add_settings
    from . import directives, export, marks, tables
    from .domain import BehaviorDomain
    from .matrix import add_matrix
    from .settings import BehaviorSettings

    add_settings(app, BehaviorSettings)
    add_page_domain(app, BehaviorDomain)
    app.connect("env-get-outdated", lambda app, env, *_: BehaviorDomain.of(env).outdated_pages())
    app.add_role("probe", directives.ProbeRole())
    app.add_directive("behavior-table", directives.ShowTable)
    app.add_directive("behavior-probes", directives.ShowProbes)
    app.add_directive("behavior-traceability", directives.ShowTraceability)
    unfolded = (tables.visit_unfoldable, tables.depart_unfoldable)
    others: dict[str, Any] = dict.fromkeys(("latex", "text", "man", "texinfo"), tables.PLAINLY)
    app.add_node(directives.Unfoldable, html=unfolded, **others)
    app.add_node(marks.MarkLink, html=(marks.visit_mark, None))
    add_matrix(app)
    app.add_transform(marks.AddFoot)
    app.add_post_transform(tables.FillResults)
    app.connect("html-page-context", marks.add_script)
    app.connect("build-finished", export.write_export)
    add_static_folder(app, Path(__file__).with_name("static"), "behavior.css")
    return {"version": __version__, "parallel_read_safe": True, "parallel_write_safe": True}
