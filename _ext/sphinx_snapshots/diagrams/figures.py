"""Diagrams in the output: what stands for a ``mermaid`` node in each kind of it."""

from __future__ import annotations

from contextlib import suppress
from html import escape
from io import BytesIO
from math import ceil
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinxcontrib.mermaid import mermaid  # type: ignore[import-untyped]  # it ships no types

from ..kit.files import replace_file
from ..kit.translation import _
from .domain import DIAGRAM, DiagramDomain
from .model import is_fit_name
from .svg import DrawingError, inline, picture
from .warnings import WarningType

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.config import Config
    from sphinx.writers.html5 import HTML5Translator

    from .model import Diagram
    from .svg import Drawing

# Where a page is narrower than a drawing, the drawing is scaled down until its text is this
# small; then it scrolls. In pixels; labels of edges and frames are up to a quarter smaller.
_LEAST_FONT_SIZE: Final = 13.5
# What a narrow phone leaves for a drawing.
_NARROWEST_COLUMN: Final = 288

# The least widths for which the style sheet has classes: each is a multiple.
_STEP: Final = 20
_WIDEST_STEP: Final = 800

# What the fonts that every PDF reader has can show.
_PDF_ENCODING: Final = "cp1252"


class DrawnDiagram(nodes.General, nodes.Element):
    """A drawing in a page. Its text is there for the search index only."""


class TextVersion(nodes.General, nodes.Element):
    """What a drawing shows, in words, for whoever asks for it."""


class PlaceDiagrams(SphinxPostTransform):
    """Puts in the place of each ``mermaid`` node what the output can show of its diagram.

    Elsewhere, and where there is no drawing that can be used, that is its title and description.
    The domain has warned of such drawings.
    """

    default_priority = 300

    def run(self, **kwargs: Any) -> None:
        domain = DiagramDomain.of(self.env)
        ways = {"epub": self._make_picture, "html": _make_markup, "latex": self._make_pdf}
        make = ways.get(domain.output)
        for node in list(self.document.findall(mermaid)):
            diagram: Diagram | None = node.get(DIAGRAM)
            made = None
            if make and diagram and is_fit_name(diagram.name):
                with suppress(DrawingError):
                    if (drawing := domain.store.load(diagram.drawing)) is not None:
                        made = make(diagram, drawing, node)
            node.replace_self(made or _make_text(diagram))

    def _make_picture(self, diagram: Diagram, drawing: Drawing, node: nodes.Element) -> nodes.image:
        """An image, for readers of books that know little of CSS."""
        content = picture(drawing, diagram.name, diagram.title, diagram.description)
        return self._make_image(diagram, ".svg", content.encode())

    def _make_pdf(
        self, diagram: Diagram, drawing: Drawing, node: nodes.Element
    ) -> nodes.image | None:
        """A PDF picture, where one can be made."""
        svg = picture(drawing, diagram.name, diagram.title, diagram.description)
        try:
            return self._make_image(diagram, ".pdf", make_pdf(svg, drawing.labels))
        except PdfError as error:
            problem = f"{diagram.label} is text in the PDF: {error}"
            WarningType.PDF.warn(problem, diagram.location)
            return None

    def _make_image(self, diagram: Diagram, suffix: str, content: bytes) -> nodes.image:
        """An image, whose file the builder copies from beside the doctrees."""
        path = Path(self.env.doctreedir, "diagrams", f"{diagram.drawing}{suffix}")
        replace_file(path, content)
        uri = path.as_posix()
        self.env.images.add_file(self.env.docname, uri)
        return nodes.image(
            "", uri=uri, candidates={"*": uri}, alt=diagram.text_form or _("diagram")
        )


def _make_markup(diagram: Diagram, drawing: Drawing, node: nodes.Element) -> nodes.Element:
    """A part of the page, in a figure that has a text version too."""
    made: nodes.Element = DrawnDiagram(
        "",
        nodes.inline("", " ".join(drawing.words)),
        markup=inline(drawing, diagram.name, diagram.title, diagram.description),
        least_width=drawing.width * min(1, _LEAST_FONT_SIZE / drawing.font_size),
        label=diagram.title or diagram.name,
    )
    figure = node.parent
    if not isinstance(figure, nodes.figure):
        figure = made = nodes.figure("", made)
    figure["classes"].append("diagram")
    if diagram.description:
        words = nodes.paragraph("", diagram.description, translatable=False)
        figure += nodes.legend("", TextVersion("", words))
    return made


def _make_text(diagram: Diagram | None) -> nodes.paragraph:
    """The words, which are part of the Mermaid source and so not translated."""
    text = (diagram.text_form if diagram else "") or _("diagram")
    return nodes.paragraph("", f"[{text}]", translatable=False)


class PdfError(Exception):
    """There can be no PDF picture; the message says why and what to do."""


def make_pdf(svg: str, labels: list[str]) -> bytes:
    """Return *svg*, a picture without style sheets, as PDF. The same input gives the same bytes.

    :param labels: all texts in the picture.
    :raises PdfError: svglib is not installed, or a label cannot be shown.
    """
    for label in labels:
        try:
            label.encode(_PDF_ENCODING)
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
        advice = "run 'pip install \"sphinx-snapshots[draw]\"'"
        raise PdfError(f"svglib is not installed; {advice}") from error
    if (shapes := svg2rlg(BytesIO(svg.encode()))) is None:
        raise PdfError("svglib could not read the drawing")
    renderPDF.drawToFile(shapes, output := BytesIO(), msg="", invariant=1)
    return output.getvalue()


def visit_drawn_diagram(self: HTML5Translator, node: DrawnDiagram) -> None:
    """Write the drawing. What may need to scroll can be reached and scrolled with the keyboard."""
    least_width = node["least_width"]
    # A class of the style sheet: an attribute ``style`` is what strict content policies forbid.
    step = min(_WIDEST_STEP, _STEP * ceil(least_width / _STEP))
    attributes = f'class="diagram-box diagram-least-{step}"'
    if least_width > _NARROWEST_COLUMN:
        label = escape(_("Diagram: %s") % node["label"])
        attributes += f' tabindex="0" role="group" aria-label="{label}"'
    self.body.append(f"<div {attributes}>{node['markup']}</div>\n")
    raise nodes.SkipNode


def visit_text_version(self: HTML5Translator, node: TextVersion) -> None:
    """Begin what is shown on demand."""
    label = escape(_("Text version"))
    self.body.append(f'<details class="diagram-text"><summary>{label}</summary>\n')


def depart_text_version(self: HTML5Translator, node: TextVersion) -> None:
    """Close what is shown on demand."""
    self.body.append("</details>\n")


def add_style_sheet(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: Any
) -> None:
    """Load the style sheet on pages that have a diagram, and on no others."""
    if isinstance(doctree, nodes.document) and any(doctree.findall(DrawnDiagram)):
        app.add_css_file("diagrams.css")


def keep_scripts_out(app: Sphinx, config: Config) -> None:
    """Tell sphinxcontrib-mermaid that its drawing happens before the page is shown.

    In its default mode, "raw", it loads a script from a third party in every page, even in those
    without a diagram. In any other it adds nothing; its own visitors are never reached.
    """
    config.mermaid_output_format = "svg"
