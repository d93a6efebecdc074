"""How diagrams are drawn: every choice that changes a drawing is here, and in its key."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

__all__ = ["OPTIONS", "DrawingOptions"]


@dataclass(frozen=True, slots=True)
class DrawingOptions:
    """What the drawing program is asked for. Lengths are CSS pixels."""

    #: Raise it when `pele` or `svg` come to make something else of the same diagram.
    version: int = 1
    #: Width of the column of a page. A wider drawing is scaled down as far as its labels stay
    #: readable, and then scrolls.
    column: int = 736
    #: Text sizes and widths to try, in this order: the first that fits and breaks no word is
    #: taken, and the last text size without a limit if none does.
    attempts: tuple[tuple[int, int], ...] = (
        (16, 736),
        (15, 736),
        (14, 736),
        (14, 800),
        (14, 860),
        (14, 920),
    )
    #: Drawings that must be narrower than this may be turned, if that makes them narrower.
    turn_below: int = 740
    #: Space between nodes side by side, and between rows of them.
    node_spacing: int = 24
    row_spacing: int = 40
    #: Width at which labels of nodes are wrapped between words.
    label_width: int = 200
    #: Space around the drawing.
    padding: int = 8


OPTIONS: Final = DrawingOptions()
