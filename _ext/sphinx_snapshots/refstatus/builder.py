"""The builder ``refstatus``: reads the pages and writes ``references.json``, nothing else."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sphinx.builders import Builder

from ..kit.files import replace_file
from .export import FILE_NAME, export_items

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Set as AbstractSet


class ReferencesBuilder(Builder):
    """Tells what the site cites; a ``page`` is the path of its source file.

    No page is resolved or written, so that this takes no longer than reading does.
    """

    name = "refstatus"
    epilog = f"The cited items are in %(outdir)s/{FILE_NAME}."
    allow_parallel = True

    def get_outdated_docs(self) -> Iterator[str]:
        """No page has output that could be out of date."""
        return iter(())

    def get_target_uri(self, docname: str, typ: str | None = None) -> str:
        return str(self.env.doc2path(docname, base=False))

    def write_documents(self, _docnames: AbstractSet[str]) -> None:
        """Nothing: pages have no output."""

    def finish(self) -> None:
        replace_file(Path(self.outdir, FILE_NAME), export_items(self))
