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

_FORMAT: Final = 3

# After Sphinx's own handlers of the same events: the environment is then complete, with section
# and figure numbers, and a fingerprint may read all of it.
_LAST: Final = 900


def rewrite_when_changed(
    app: Sphinx,
    name: str,
    fingerprint: Callable[[Sphinx, str], str],
    digest: Callable[[Sphinx], str] = lambda app: "",
) -> Rewrites:
    """Have pages written again when *fingerprint* says that their outside data changed.

    Call it in ``setup()``, once for each kind of data.

    :param name: what kind of data this is; part of a file name, unique among the callers.
    :param fingerprint: gets the application and a docname, returns any text that differs when
        what the page shows of the data differs, or ``""`` for a page that shows none of it.
        It is called in the main process, at most once for each page of every build, after all
        reading and merging: so it can rely on the environment, and needs no purging of its own. It
        must describe the data as this build will show it. A page that was read is written in any
        case, so it is asked when that is done.
    :param digest: gets the application, returns a text that differs when the data differ, or what
        is shown of them; ``""`` where that cannot be told. While it stays the same and no page
        comes, goes or is read, no page is asked for its fingerprint.
    :returns: what is known of the build that is under way.
    """
    rewrites = Rewrites(name, fingerprint, digest)
    app.connect("env-before-read-docs", rewrites.note_read)
    app.connect("env-get-updated", rewrites.find_changed, priority=_LAST)
    # Behind all that looks up what the page shows, and so has it at hand.
    app.connect("doctree-resolved", rewrites.note_written, priority=_LAST + 100)
    app.connect("build-finished", rewrites.remember)
    return rewrites


class Rewrites:
    """What the pages show of one kind of data, in the build that is under way."""

    def __init__(
        self,
        name: str,
        fingerprint: Callable[[Sphinx, str], str],
        digest: Callable[[Sphinx], str],
    ) -> None:
        self._name = name
        self._fingerprint = fingerprint
        self._digest_of_data = digest
        # Docname to digest. `None` is a page to write: what it last showed does not count.
        self._shown: dict[str, str | None] = {}
        self._current: dict[str, str | None] = {}
        # The pages that are read, and of these, those that have not been written.
        self._read: list[str] = []
        self._waiting: set[str] = set()
        self._written: set[str] = set()
        self._data = self._known_data = ("", "")
        self._has_news = True

    def has_news(self) -> bool:
        """Whether this build may show anything new; known once pages were read."""
        return self._has_news

    def knows(self, app: Sphinx, data: str) -> bool:
        """Whether the last build that went through had the data with this digest."""
        return bool(data) and _load(self._file(app))[1][0] == data

    def note_read(self, app: Sphinx, env: BuildEnvironment, docnames: list[str]) -> None:
        """Note the pages that are read: this very list, to which other extensions may add."""
        self._read = docnames

    def find_changed(self, app: Sphinx, env: BuildEnvironment) -> list[str]:
        """Return the pages to write again."""
        before, self._known_data = _load(self._file(app))
        data = self._digest_of_data(app)
        self._data = (data, _digest("\n".join(sorted(env.all_docs)))) if data else ("", "")
        self._written = set()
        self._waiting = env.all_docs.keys() & self._read
        is_known = bool(data) and self._data == self._known_data and None not in before.values()
        self._has_news = bool(self._read) or not is_known
        if not self._has_news:
            self._shown = before
            self._current = {docname: before.get(docname, _NOTHING) for docname in env.all_docs}
            return []
        self._current = {
            docname: _digest(self._fingerprint(app, docname))
            for docname in sorted(env.all_docs.keys() - self._waiting)
        }
        changed = [
            docname
            for docname, digest in self._current.items()
            if before.get(docname, _NOTHING) != digest
        ]
        changed += sorted(self._waiting)
        # A page that was deleted is dropped. A changed page is forgotten before it is written:
        # if the build breaks in the middle, and the data then goes back to what it was, the
        # page must still be written again.
        self._shown = {d: digest for d, digest in before.items() if d in env.all_docs}
        self._shown |= dict.fromkeys(changed)
        if self._shown != before:
            _save(self._file(app), self._shown, ("", ""))
        return changed

    def note_written(self, app: Sphinx, doctree: nodes.document, docname: str) -> None:
        """Note a page that is being written: not every build writes all that has changed.

        With file names on the command line Sphinx writes those files only.
        """
        self._written.add(docname)
        self._look_at(app, docname)

    def _look_at(self, app: Sphinx, docname: str) -> None:
        """Find what a page that was read shows."""
        if docname in self._waiting:
            self._waiting.remove(docname)
            self._current[docname] = _digest(self._fingerprint(app, docname))

    def remember(self, app: Sphinx, exception: Exception | None) -> None:
        """Save what the written pages show, if the build went through."""
        if exception is None:
            shown = dict(self._shown)
            for docname in sorted(self._waiting):
                self._look_at(app, docname)
                # Sphinx itself writes later what was read and not written.
                if self._current[docname] == _NOTHING:
                    del shown[docname]
            for docname in self._written & self._current.keys():
                if self._current[docname] == _NOTHING:
                    shown.pop(docname, None)
                else:
                    shown[docname] = self._current[docname]
            if shown != self._shown or self._data != self._known_data:
                _save(self._file(app), shown, self._data)
        self._shown, self._current, self._written = {}, {}, set()

    def _file(self, app: Sphinx) -> Path:
        place = _digest(os.fspath(app.outdir))
        return Path(app.doctreedir, f"rewrites-{self._name}-{app.builder.name}-{place}.json")


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


_NOTHING: Final = _digest("")


def _load(file: Path) -> tuple[dict[str, str | None], tuple[str, str]]:
    """Return what *file* remembers, nothing if it is absent or not ours.

    What the pages showed; and digests of the data and of the names of all pages.
    """
    nothing: tuple[dict[str, str | None], tuple[str, str]] = {}, ("", "")
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return nothing
    if not isinstance(content, dict) or content.get("format") != _FORMAT:
        return nothing
    pages, data, names = content.get("pages"), content.get("data"), content.get("names")
    if not (isinstance(pages, dict) and isinstance(data, str) and isinstance(names, str)):
        return nothing
    return pages, (data, names)


def _save(file: Path, pages: Mapping[str, str | None], data: tuple[str, str]) -> None:
    content = dict(zip(("format", "data", "names"), (_FORMAT, *data), strict=True))
    content["pages"] = dict(sorted(pages.items()))
    replace_file(file, f"{json.dumps(content, indent=0)}\n".encode())
