"""What each CPython series really does: small programs, run, their results shown on the pages.

The programs are run by ``python -m behavior probe``, which writes a file of results. A build only
reads that file.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata

__all__ = ["setup"]


def setup(app: Sphinx) -> ExtensionMetadata:
    """Sphinx extension ``behavior``."""
    # The command and the tests use this package without Sphinx.
    from . import collect, directives, resolve

    text: frozenset[type] = frozenset({str})
    lists: frozenset[type] = frozenset({list, tuple})
    app.add_config_value("behavior_probes", "probes", "env", types=text)
    app.add_config_value("behavior_results", "_data/behavior.jsonl", "", types=text | lists)
    app.add_config_value("behavior_series", [], "", types=lists)
    app.add_config_value("behavior_pages", ["*"], "env", types=lists)
    app.add_config_value("behavior_other_headings", [], "env", types=lists)
    collect.setup(app)
    directives.setup(app)
    resolve.setup(app)
    return {"version": "1.0", "parallel_read_safe": True, "parallel_write_safe": True}
