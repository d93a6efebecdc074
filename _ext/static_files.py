"""Bring what an extension has for its pages in HTML along: its folder ``static``."""

from __future__ import annotations

import os
from functools import partial
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from sphinx.application import Sphinx

__all__ = ["add_static_folder"]


def add_static_folder(app: Sphinx, folder: Path, style_sheet: str | None = None) -> None:
    """Have ``folder`` copied by builders that write HTML (by format, not by name).

    :param style_sheet: the file in it that every page loads.
    """
    app.connect("builder-inited", partial(_add, folder, style_sheet))


def _add(folder: Path, style_sheet: str | None, app: Sphinx) -> None:
    if app.builder.format == "html":
        app.config.html_static_path.append(os.fspath(folder))
        if style_sheet:
            app.add_css_file(style_sheet)
