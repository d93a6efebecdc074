"""How an extension adds to the way in which a site writes HTML."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sphinx.writers.html5 import HTML5Translator

if TYPE_CHECKING:
    from sphinx.application import Sphinx


def extend_translator(app: Sphinx, methods: type[HTML5Translator]) -> None:
    """Extend the translator that theme and extensions have chosen, if it writes HTML.

    One class for the whole build: a translator of each page would be tied to its nodes.

    :param methods: what it gets in addition.
    """
    if app.builder.format != "html":
        return
    chosen = app.builder.get_translator_class()
    if issubclass(chosen, HTML5Translator):
        extended = type(chosen.__name__, (methods, chosen), {})
        app.set_translator(app.builder.name, extended, override=True)
