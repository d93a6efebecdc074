"""What each CPython series really does: small programs, run, their results shown on the pages.

The programs are run by ``python -m sphinx_snapshots.behavior probe``, which writes a file of
results. A build only reads that file.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata


def setup(app: Sphinx) -> ExtensionMetadata:
    """Sphinx extension ``sphinx_snapshots.behavior``."""
    # Tests use modules of this package without Sphinx.
    from ..kit.pages import add_page_domain, add_static_folder
    from ..kit.settings import add_settings
    from . import directives, domain, tables
    from .settings import BehaviorSettings

    add_settings(app, BehaviorSettings)
    add_page_domain(app, domain.BehaviorDomain)
    app.connect("env-get-outdated", domain.find_outdated)
    app.add_role("probe", directives.ProbeRole())
    app.add_directive("behavior", directives.ShowProbe)
    app.add_directive("behavior-table", directives.ShowTable)
    app.add_directive("behavior-subject", directives.ShowSubject)
    app.add_directive("behavior-traceability", directives.ShowTraceability)
    app.add_node(
        directives.Unfoldable,
        html=(tables.visit_unfoldable, tables.depart_unfoldable),
        latex=tables.PLAINLY,
        text=tables.PLAINLY,
        man=tables.PLAINLY,
        texinfo=tables.PLAINLY,
    )
    app.add_post_transform(tables.FillResults)
    add_static_folder(app, tables.STATIC_FOLDER, "behavior.css")
    return {"version": "1.0", "parallel_read_safe": True, "parallel_write_safe": True}
