"""A warning has a type and a place, and its text is nobody's format."""

from __future__ import annotations

from typing import TYPE_CHECKING

from site_builds import warnings
from sphinx_snapshots.kit.warnings import AuthorWarning

if TYPE_CHECKING:
    from pathlib import Path

    from site_builds import MakeApp


class ShelfWarning(AuthorWarning, type="shelf"):
    #: A book stands upside down.
    TURNED = "turned"
    #: A book is not there.
    LENT = "lent"


def test_a_warning_says_where_it_is_and_how_to_silence_it(
    make_app: MakeApp, tmp_path: Path
) -> None:
    (tmp_path / "conf.py").write_text("suppress_warnings = ['shelf.lent']\n")
    app = make_app("dummy", srcdir=tmp_path)
    ShelfWarning.TURNED.warn("100% %s of it", ("index", 7))
    ShelfWarning.LENT.warn("gone", "index")
    ShelfWarning.TURNED.warn("somewhere")
    assert warnings(app) == [
        "index.rst:7: WARNING: 100% %s of it [shelf.turned]",
        "WARNING: somewhere [shelf.turned]",
    ]
