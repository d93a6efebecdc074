"""Drawings as PDF pictures for LaTeX, made by svglib, which a site need not have."""

from __future__ import annotations

from io import BytesIO

__all__ = ["PdfError", "make_pdf"]

# What the fonts that every PDF reader has can show.
_ENCODING = "cp1252"


class PdfError(Exception):
    """There can be no PDF picture; the message says why and what to do."""


def make_pdf(svg: str, labels: list[str]) -> bytes:
    """Return *svg*, a picture without style sheets, as PDF. The same input gives the same bytes.

    :param labels: all texts in the picture.
    :raises PdfError: svglib is not installed, or a label cannot be shown.
    """
    for label in labels:
        try:
            label.encode(_ENCODING)
        except UnicodeEncodeError as error:
            character = label[error.start]
            raise PdfError(
                f"its label {label!r} has the character {character!r}, "
                "which the fonts of PDF readers lack; write it in other words"
            ) from error
    try:
        from reportlab.graphics import renderPDF  # type: ignore[import-untyped]  # has no types
        from svglib.svglib import svg2rlg
    except ImportError as error:
        raise PdfError("svglib is not installed; run 'pip install svglib'") from error
    shapes = svg2rlg(BytesIO(svg.encode()))
    if shapes is None:
        raise PdfError("svglib could not read the drawing")
    canvas_bytes = BytesIO()
    renderPDF.drawToFile(shapes, canvas_bytes, msg="", invariant=1)
    return canvas_bytes.getvalue()
