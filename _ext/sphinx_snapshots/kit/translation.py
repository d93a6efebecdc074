"""Words of ours that readers see, in the language of the site.

Warnings, errors and commands are for authors, and stay English. What readers see is translated
where a page is written, not when a module is loaded or a page is read: so neither a second build in
the same process nor what is kept between builds is tied to a language.

The catalogs lie in ``locale/``, both as their translators write them (``.po``) and as they are read
(``.mo``), so that an editable install, an archive and a build without a network need no step in
between. ``tools/update_catalogs.py`` makes them agree with the sources.
"""

from __future__ import annotations

from gettext import GNUTranslations
from pathlib import Path
from typing import TYPE_CHECKING, Final

from sphinx.locale import get_translator, translators

if TYPE_CHECKING:
    from sphinx.application import Sphinx

CATALOG: Final = "sphinx_snapshots"
LOCALE_FOLDER: Final = Path(__file__).parents[1] / "locale"


# Not of Sphinx's `get_translation`: what that makes of a message before a build is no `str`.
def _(message: str) -> str:
    """The message in the language of the site."""
    return get_translator(CATALOG).gettext(message)


def ngettext(singular: str, plural: str, number: int) -> str:
    """The message in the form that goes with ``number``."""
    return get_translator(CATALOG).ngettext(singular, plural, number)


def is_translated() -> bool:
    """Whether there is a catalog for the language of the site; if not, our words are English."""
    return isinstance(get_translator(CATALOG), GNUTranslations)


def add_catalog(app: Sphinx) -> None:
    """Have our words translated into the language of the site, if there is a catalog for it."""
    # Sphinx keeps the catalog of an earlier build in this process, which had its own language.
    translators.pop(("general", CATALOG), None)
    app.add_message_catalog(CATALOG, LOCALE_FOLDER)
