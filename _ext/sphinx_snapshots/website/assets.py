"""Style sheets and scripts that every page loads, joined into one file of each kind.

Each file costs a request, and those in front of the text delay it. The parts stay where they are;
the pages just name the whole.
"""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from sphinx.builders.html._assets import _JavaScript  # what add_js_file makes; no public name

from ..kit.files import replace_file
from ..kit.pages import is_website
from .settings import WebsiteSettings
from .translator import write_widths

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from docutils import nodes
    from sphinx.application import Sphinx

_STATIC: Final = "_static"
#: Scripts of Sphinx whose names other scripts of it use, such as that of its search page.
_SHARED: Final = ("documentation_options.js", "doctools.js", "sphinx_highlight.js")
# A rule without rules inside, in a style sheet without comments; what is in brackets; and what is
# left of a condition when all is gone that it was for.
_RULE: Final = re.compile(r"(?:^|(?<=[{};]))([^{}@;]+)\{([^{}]*)\}")
_BRACKETS: Final = re.compile(r"\([^()]*\)")
_EMPTY: Final = re.compile(r"@(?:media|supports)[^{}]*\{\}")


def shrink_styles(sheet: str) -> str:
    """A style sheet without comments, and without spaces that mean nothing."""
    from rcssmin import cssmin  # type: ignore[import-untyped]  # it ships no types

    return str(cssmin(sheet))


def _split_selectors(selectors: str) -> Iterator[str]:
    """The selectors of a rule; a comma in brackets parts none."""
    depth = start = 0
    for place, sign in enumerate(selectors):
        depth += (sign == "(") - (sign == ")")
        if sign == "," and not depth:
            yield selectors[start:place]
            start = place + 1
    yield selectors[start:]


def drop_rules(shrunk: str, unused: Collection[str]) -> str:
    """A style sheet without the rules for what is never there.

    :param shrunk: as ``shrink_styles`` leaves it.
    :param unused: classes and ids, as ``.class`` and ``#id``.

    >>> drop_rules(".a,.b{c:d}@media print{.b{e:f}}", {".b"})
    '.a{c:d}'
    """
    if not unused:
        return shrunk
    looks_for = re.compile(rf"(?:{'|'.join(sorted(map(re.escape, unused)))})(?![\w\\-])")

    def is_needed(selector: str) -> bool:
        # What is in brackets need not be there: `:not(.b)`, `:is(.a,.b)`.
        while (outside := _BRACKETS.sub("", selector)) != selector:
            selector = outside
        return not looks_for.search(selector)

    def keep(rule: re.Match[str]) -> str:
        kept = filter(is_needed, _split_selectors(rule[1]))
        selectors = ",".join(kept)
        return f"{selectors}{{{rule[2]}}}" if selectors else ""

    return _EMPTY.sub("", _EMPTY.sub("", _RULE.sub(keep, shrunk)))


def join_styles(sheets: Iterable[str], unused: Collection[str] = ()) -> str:
    """One style sheet of several, in their order, and the widths of the columns."""
    return drop_rules(shrink_styles("\n".join([*sheets, write_widths()])), unused)


def join_scripts(scripts: Iterable[str], shared: Iterable[str] = ()) -> str:
    """One script of several, without comments.

    Each keeps its names, and what it says of strictness, to itself.

    :param shared: those whose names other scripts need; they come first.
    """
    from rjsmin import jsmin  # type: ignore[import-untyped]  # it ships no types

    whole = "".join(f"{script}\n;" for script in shared)
    whole += "".join(f"(function () {{\n{script}\n}}).call(window);\n" for script in scripts)
    return str(jsmin(whole))


def _write(app: Sphinx) -> dict[str, str]:
    """Write each joined file; name and a digest of what is in it.

    A file with a part that is not there is left out.
    """
    digests = {}
    folder = Path(app.outdir, _STATIC)
    settings = WebsiteSettings.of(app.config)
    for name, parts in settings.joined:
        paths = [folder / part for part in parts]
        if all(path.exists() for path in paths):
            texts = {part: path.read_text("utf-8") for part, path in zip(parts, paths, strict=True)}
            if name.endswith(".css"):
                joined = join_styles(texts.values(), settings.unused)
            else:
                shared = [texts.pop(part) for part in _SHARED if part in texts]
                joined = join_scripts(texts.values(), shared)
            content = joined.encode()
            # More than one process may come here at the same time: they write the same.
            replace_file(folder / name, content)
            digests[name] = hashlib.sha256(content).hexdigest()[:8]
    return digests


def add_late_script(app: Sphinx) -> None:
    """Have pages load what loads other scripts when they are wanted."""
    if is_website(app.builder) and WebsiteSettings.of(app.config).late:
        app.add_js_file("late.js")


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
        """Have a page name the whole in place of the first of its parts."""
        if not is_website(app.builder):
            return
        if self._digests is None:  # Sphinx has copied the parts by now
            self._digests = _write(app)
        settings = WebsiteSettings.of(app.config)
        body, late = str(context.get("body", "")), dict(settings.late)
        for name, parts in settings.joined:
            if name in self._digests:
                is_wanted = all(
                    text == templatename if text.endswith(".html") else text in body
                    for file, text in settings.only_with
                    if file == name
                )
                whole: str | _JavaScript | None = None
                if is_wanted:
                    whole = f"{_STATIC}/{name}?v={self._digests[name]}"
                if whole and name in late:
                    # A type that no browser knows, so that none loads it: late.js does.
                    attributes: dict[str, Any] = {"type": "late", "data-for": late[name]}
                    whole = _JavaScript(f"{_STATIC}/{name}", **attributes)
                kind = "css_files" if name.endswith(".css") else "script_files"
                context[kind] = _replace(context[kind], parts, whole)

    def finish(self, app: Sphinx, exception: Exception | None) -> None:
        """Write what no page has asked for, in a build that wrote none; shrink the others."""
        if exception or not is_website(app.builder):
            return
        _write(app)
        for name in WebsiteSettings.of(app.config).shrunk:
            path = Path(app.outdir, _STATIC, name)
            if path.exists():
                replace_file(path, shrink_styles(path.read_text("utf-8")).encode())


def _replace(files: list[Any], parts: Iterable[str], whole: str | _JavaScript | None) -> list[Any]:
    """``files``, as Sphinx hands them to a template, with the whole in place of the first part.

    Without a whole, the parts just go.
    """
    names = {f"{_STATIC}/{part}" for part in parts}
    kept: list[Any] = []
    for file in files:
        if str(getattr(file, "filename", file)) not in names:
            kept.append(file)
        elif whole and whole not in kept:
            kept.append(whole)
    return kept
