"""How templates are read: with changes that no block of theirs allows, and compiled once."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, Final

from jinja2 import FileSystemBytecodeCache
from jinja2.ext import Extension
from sphinx.jinja2glue import BuiltinTemplateLoader

from .settings import WebsiteSettings

if TYPE_CHECKING:
    from sphinx.application import Sphinx

_COMPILED: Final = "templates"


class Changes(Extension):
    """Replaces texts of templates before they are compiled."""

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        """See the setting ``website_template_changes``."""
        for old, new in self.environment.website_changes:  # type: ignore[attr-defined]  # set below
            source = source.replace(old, new)
        return source


def prepare_templates(app: Sphinx) -> None:
    """Have templates changed, and what Jinja makes of them kept beside the doctrees.

    There the next build and other processes find it, which need not compile them again.
    """
    loader = getattr(app.builder, "templates", None)
    if isinstance(loader, BuiltinTemplateLoader):
        changes = WebsiteSettings.of(app.config).template_changes
        loader.environment.extend(website_changes=changes)
        loader.environment.add_extension(Changes)
        # Jinja tells what it compiled by the text before the changes.
        digest = hashlib.sha256(repr(changes).encode()).hexdigest()[:8]
        folder = Path(app.doctreedir, _COMPILED, digest)
        folder.mkdir(parents=True, exist_ok=True)
        loader.environment.bytecode_cache = FileSystemBytecodeCache(str(folder))
