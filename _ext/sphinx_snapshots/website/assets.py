"""Style sheets and scripts that every page loads, joined into one file of each kind.

Each file costs a request, and those in front of the text delay it. The parts stay where they are;
the pages just name the whole.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from ..kit.files import replace_file
from .settings import WebsiteSettings
from .translator import write_widths

if TYPE_CHECKING:
    from collections.abc import Iterable

    from docutils import nodes
    from sphinx.application import Sphinx

_STATIC: Final = "_static"


def join_styles(sheets: Iterable[str]) -> str:
    """One style sheet of several, in their order, and the widths of the columns; no comments."""
    from rcssmin import cssmin  # type: ignore[import-untyped]  # it ships no types

    return str(cssmin("\n".join([*sheets, write_widths()])))


def join_scripts(scripts: Iterable[str]) -> str:
    """One script of several, without comments.

    Each keeps its names, and what it says of strictness, to itself.
    """
    from rjsmin import jsmin  # type: ignore[import-untyped]  # it ships no types

    whole = "".join(f"(function () {{\n{script}\n}}).call(window);\n" for script in scripts)
    return str(jsmin(whole))


def _write(app: Sphinx) -> dict[str, str]:
    """Write each joined file, if it would change; name and a digest of what is in it.

    A file with a part that is not there is left out.
    """
    digests = {}
    folder = Path(app.outdir, _STATIC)
    for name, parts in WebsiteSettings.of(app.config).joined:
        paths = [folder / part for part in parts]
        if all(path.exists() for path in paths):
            texts = [path.read_text("utf-8") for path in paths]
            joined = join_styles(texts) if name.endswith(".css") else join_scripts(texts)
            target, content = folder / name, joined.encode()
            # More than one process may come here at the same time: they write the same.
            if not target.exists() or target.read_bytes() != content:
                replace_file(target, content)
            digests[name] = hashlib.sha256(content).hexdigest()[:8]
    return digests


class Joiner:
    """Keeps what was written, in each process, while a build goes on."""

    def __init__(self) -> None:
        self._digests: dict[str, str] | None = None

    def forget(self, app: Sphinx) -> None:
        """Begin a build: the parts may have changed."""
        self._digests = None

    def name_files(
        self,
        app: Sphinx,
        pagename: str,
        templatename: str,
        context: dict[str, Any],
        doctree: nodes.document | None,
    ) -> None:
        """Have a page name the whole in place of the last of its parts."""
        if not _is_website(app):
            return
        if self._digests is None:  # Sphinx has copied the parts by now
            self._digests = _write(app)
        for name, parts in WebsiteSettings.of(app.config).joined:
            if name in self._digests:
                whole = f"{_STATIC}/{name}?v={self._digests[name]}"
                kind = "css_files" if name.endswith(".css") else "script_files"
                context[kind] = _replace(context[kind], parts, whole)

    def finish(self, app: Sphinx, exception: Exception | None) -> None:
        """Write what no page has asked for, in a build that wrote none."""
        if not exception and _is_website(app):
            _write(app)


def _is_website(app: Sphinx) -> bool:
    return app.builder.format == "html" and app.builder.name != "epub"


def _replace(files: list[Any], parts: Iterable[str], whole: str) -> list[Any]:
    """``files``, as Sphinx hands them to a template, with the whole in place of the last part."""
    names = {f"{_STATIC}/{part}" for part in parts}
    kept: list[Any] = []
    for file in reversed(files):
        if str(getattr(file, "filename", file)) not in names:
            kept.append(file)
        elif whole not in kept:
            kept.append(whole)
    return kept[::-1]
