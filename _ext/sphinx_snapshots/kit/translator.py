"""How an extension adds to the way in which a site is written."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.util.docutils import SphinxTranslator


def extend_translator(app: Sphinx, methods: type[SphinxTranslator]) -> None:
    """Extend the translator that theme and extensions have chosen, if it is of the same kind.

    One class for the whole build: a translator of each page would be tied to its nodes.

    :param methods: what it gets in addition; derived from the translator that it is for.
    """
    if app.builder.format not in {"html", "latex"}:
        return
    chosen = app.builder.get_translator_class()
    if issubclass(chosen, methods.__bases__):
        extended = type(chosen.__name__, (methods, chosen), {})
        app.set_translator(app.builder.name, extended, override=True)
