"""Write a page again when outside data that it shows has changed, without reading it again.

Sphinx re-writes a page when its source or its configuration changed. Some pages also show data
from files that are none of their sources: the state of an issue, a committed drawing. To note
such a file as a dependency would re-read every page that uses it, and would make the pages look
edited. This module compares instead, for each page, what it would show now with what it showed
when it was last written, and has Sphinx write the pages that differ.

What was last written is remembered per builder and output folder, in a small file beside the
doctrees, for two reasons. Builders that share the doctrees write at different times, so one
memory for all would leave the pages of some of them behind. And Sphinx saves its environment
only when a page was read or must be written, and before writing it.
"""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Final

from .files import replace_file

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from docutils import nodes
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

_FORMAT: Final = 1

# After Sphinx's own handlers of the same events: the environment is then complete, with section
# and figure numbers, and a fingerprint may read all of it.
_LAST: Final = 900


def rewrite_when_changed(app: Sphinx, name: str, fingerprint: Callable[[Sphinx, str], str]) -> None:
    """Have pages written again when *fingerprint* says that their outside data changed.

    Call it in ``setup()``, once for each kind of data.

    :param name: what kind of data this is; part of a file name, unique among the callers.
    :param fingerprint: gets the application and a docname, returns any text that differs when
        what the page shows of the data differs, or ``""`` for a page that shows none of it.
        It is called in the main process, once for each page of every build, after all reading
        and merging: so it can rely on the environment, and needs no purging of its own. It must
        describe the data as this build will show it.
    """
    pages = _Pages(name, fingerprint)
    app.connect("env-get-updated", pages.find_changed, priority=_LAST)
    app.connect("doctree-resolved", pages.note_written, priority=_LAST)
    app.connect("build-finished", pages.remember)


class _Pages:
    """What the pages show of one kind of data, in the build that is under way."""

    def __init__(self, name: str, fingerprint: Callable[[Sphinx, str], str]) -> None:
        self._name = name
        self._fingerprint = fingerprint
        # Docname to digest. `None` is a page to write: what it last showed does not count.
        self._shown: dict[str, str | None] = {}
        self._current: dict[str, str] = {}
        self._written: set[str] = set()

    def find_changed(self, app: Sphinx, env: BuildEnvironment) -> list[str]:
        """Return the pages to write again."""
        before = _load(self._file(app))
        self._current = {
            docname: _digest(self._fingerprint(app, docname)) for docname in sorted(env.all_docs)
        }
        changed = [
            docname
            for docname, digest in self._current.items()
            if before.get(docname, _NOTHING) != digest
        ]
        # A page that was deleted is dropped. A changed page is forgotten before it is written:
        # if the build breaks in the middle, and the data then goes back to what it was, the
        # page must still be written again.
        self._shown = {d: digest for d, digest in before.items() if d in self._current}
        self._shown |= dict.fromkeys(changed)
        self._written = set()
        if self._shown != before:
            _save(self._file(app), self._shown)
        return changed

    def note_written(self, app: Sphinx, doctree: nodes.document, docname: str) -> None:
        """Note a page that is being written: not every build writes all that has changed.

        With file names on the command line Sphinx writes those files only.
        """
        self._written.add(docname)

    def remember(self, app: Sphinx, exception: Exception | None) -> None:
        """Save what the written pages show, if the build went through."""
        if exception is None:
            shown = dict(self._shown)
            for docname in self._written & self._current.keys():
                if self._current[docname] == _NOTHING:
                    shown.pop(docname, None)
                else:
                    shown[docname] = self._current[docname]
            if shown != self._shown:
                _save(self._file(app), shown)
        self._shown, self._current, self._written = {}, {}, set()

    def _file(self, app: Sphinx) -> Path:
        place = _digest(os.fspath(app.outdir))
        return Path(app.doctreedir, f"rewrites-{self._name}-{app.builder.name}-{place}.json")


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


_NOTHING: Final = _digest("")


def _load(file: Path) -> dict[str, str | None]:
    """Return the pages that *file* remembers: none if it is absent or not ours."""
    try:
        data = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    if not isinstance(data, dict) or data.get("format") != _FORMAT:
        return {}
    pages = data.get("pages")
    if not isinstance(pages, dict):
        return {}
    return pages


def _save(file: Path, pages: Mapping[str, str | None]) -> None:
    text = json.dumps({"format": _FORMAT, "pages": dict(sorted(pages.items()))}, indent=0)
    replace_file(file, f"{text}\n".encode())
