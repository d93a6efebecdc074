"""What a site needs to be served well: few files, and pages that a strict content policy allows."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata


def setup(app: Sphinx) -> ExtensionMetadata:
    """Sphinx extension ``sphinx_snapshots.website``."""
    from .. import __version__
    from ..kit.pages import add_page_domain, add_static_folder, extend_translator
    from ..kit.settings import add_settings
    from . import assets, facts, published, templates, translator
    from .navigation import Navigation
    from .settings import WebsiteSettings

    add_settings(app, WebsiteSettings)
    add_page_domain(app, facts.FactDomain)
    app.add_role("fact", facts.FactRole())
    app.add_node(facts.Fact)
    app.add_post_transform(facts.FillFacts)
    # Behind the themes and extensions that choose a translator.
    extend_translator(app, translator.SiteWriter, priority=960)
    extend_translator(app, translator.PaperWriter, priority=960)
    app.connect("doctree-resolved", translator.mark_cards)
    app.connect("doctree-resolved", translator.mark_row_heads)
    app.connect("doctree-resolved", translator.keep_ids_once)
    app.connect("builder-inited", templates.prepare_templates)
    navigation = Navigation()
    app.connect("env-updated", navigation.forget)
    # Before themes look at the navigation.
    app.connect("html-page-context", navigation.extend_context, priority=490)
    app.connect("html-page-context", published.add_description)
    app.connect("html-page-context", published.add_moved_anchors)
    app.connect("html-collect-pages", published.redirect_pages)
    app.connect("build-finished", published.write_sitemap)
    add_static_folder(app, Path(__file__).parent / "static")
    app.connect("builder-inited", assets.add_late_script)
    joiner = assets.Joiner()
    app.connect("builder-inited", joiner.forget)
    # Behind all who add files to a page.
    app.connect("html-page-context", joiner.name_files, priority=950)
    app.connect("build-finished", joiner.finish, priority=950)
    return {"version": __version__, "parallel_read_safe": True, "parallel_write_safe": True}
