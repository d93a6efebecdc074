"""Tracker references that know what became of them.

Every link to an issue, pull request or commit, on bugs.python.org or GitHub, gets a badge with the
item's state. The states come from a file in the repository, the snapshot; a build reads nothing
else and never uses the network.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from .. import __version__

if TYPE_CHECKING:
    from docutils import nodes
    from sphinx.application import Sphinx
    from sphinx.builders import Builder
    from sphinx.environment import BuildEnvironment
    from sphinx.util.typing import ExtensionMetadata

__all__ = ["setup"]


def setup(app: Sphinx) -> ExtensionMetadata:
    """Sphinx extension ``sphinx_snapshots.refstatus``: all that Sphinx is told of it."""
    app.require_sphinx("7.2")
    # Not at the top: the command uses this package too, and should not wait for Sphinx to load.
    from ..kit.pages import add_page_domain, add_static_folder, extend_translator
    from ..kit.settings import add_settings
    from .badges import BadgeWords, CompleteLinks, add_badges
    from .directives import (
        FillOverviews,
        LegendDirective,
        ListDirective,
        LogDirective,
        SummaryDirective,
        add_filter_script,
    )
    from .domain import AddToIndex, CitationDomain, Overview, note_items
    from .export import write_export
    from .feed import write_feed
    from .html import BadgeWriter, RefstatusBar, RefstatusLabel
    from .links import NoteUses, note_links
    from .prose import RecognizeText
    from .roles import add_roles
    from .settings import RefstatusSettings
    from .written import (
        AsWritten,
        AsWrittenRole,
        FillNotes,
        SettleMarked,
        WrittenWhileDirective,
        WrittenWhileRole,
    )

    add_settings(app, RefstatusSettings)
    add_page_domain(app, CitationDomain)
    app.add_directive("refstatus-list", ListDirective)
    app.add_directive("refstatus-summary", SummaryDirective)
    app.add_directive("refstatus-legend", LegendDirective)
    app.add_directive("refstatus-log", LogDirective)
    app.add_directive("written-while", WrittenWhileDirective)
    app.add_role("written-while", WrittenWhileRole())
    app.add_role("as-written", AsWrittenRole())
    app.add_node(AsWritten)
    app.add_node(BadgeWords)
    app.add_node(Overview)
    app.add_node(RefstatusBar)
    app.add_node(RefstatusLabel)
    app.add_transform(RecognizeText)
    app.add_transform(SettleMarked)
    app.add_transform(AddToIndex)
    app.add_post_transform(FillOverviews)
    app.add_post_transform(FillNotes)
    app.add_post_transform(CompleteLinks)
    app.add_builder(_make_linkcheck_builder(), override=True)
    app.add_post_transform(NoteUses)
    # Behind the themes and extensions that choose a translator, and all that makes links.
    extend_translator(app, BadgeWriter, priority=950)
    app.connect("builder-inited", add_roles, priority=950)
    app.connect("doctree-read", note_items, priority=950)
    app.connect("doctree-read", note_links, priority=955)
    app.connect("doctree-read", _note_claims, priority=960)
    app.connect("doctree-resolved", add_badges, priority=950)
    app.connect("html-page-context", add_filter_script)
    app.connect("build-finished", write_export)
    app.connect("build-finished", write_feed)
    add_static_folder(app, Path(__file__).parent / "static", "refstatus.css")
    return {"version": __version__, "parallel_read_safe": True, "parallel_write_safe": True}


def _make_linkcheck_builder() -> type[Builder]:
    """The class that loads the builder when one is wanted: a third of what loading all else takes.

    Other extensions look at the classes of all builders, so it is one.
    """
    from .links import CollectingBuilder

    class Linkcheck(CollectingBuilder):
        def __new__(  # type: ignore[misc]  # what it makes is of the class it loads
            cls, app: Sphinx, env: BuildEnvironment
        ) -> Builder:
            from .linkcheck import LinkcheckBuilder

            return LinkcheckBuilder(app, env)

    return Linkcheck


def _note_claims(app: Sphinx, document: nodes.document) -> None:
    from .domain import CitationDomain

    if CitationDomain.of(app.env).settings.lint:
        # Loaded only where a site wants it: its patterns take longer than all else in here.
        from .lint import note_claims

        note_claims(app, document)
