"""Drawings as SVG: what one may hold, and how it is written out.

A drawing comes from a program, or from a file that anybody may have edited, and goes into pages
as it is. So nothing of it is trusted: an element, attribute or value that is not known to be
harmless is an error. Colors are names of roles (`text`, `line`), given to each theme's stylesheet
as CSS variables, or resolved where stylesheets do not reach.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from xml.etree import ElementTree
from xml.sax.saxutils import escape, quoteattr

if TYPE_CHECKING:
    from collections.abc import Iterator
    from xml.etree.ElementTree import Element

#: Roles that a color may have, with their values where no stylesheet sets them.
COLORS: Final = {
    "background": "#ffffff",
    "text": "#1f1f1f",
    "muted": "#5a5c63",
    "line": "#3d3f45",
    "surface": "#f3f4f6",
    "surface-alt": "#e7e9ed",
    "border": "#767880",
    "accent": "#3f5fbf",
}

#: Attribute of a stored drawing that holds the key of the diagram it was made from.
KEY: Final = "data-drawn-from"

NAMESPACE: Final = "http://www.w3.org/2000/svg"

# Fonts of the same widths, which are those that the drawing program reckons with.
_FONTS: Final = "Arial, 'Liberation Sans', Helvetica, sans-serif"
# Characters that XML cannot hold, in no way of writing.
_NOT_XML: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

_MOST_CHARACTERS: Final = 1_000_000
_DEEPEST: Final = 20

_NUMBER = r"-?(?:\d+(?:\.\d+)?|\.\d+)(?:e-?\d+)?"
_NUMBERS = rf"{_NUMBER}(?:[\s,]+{_NUMBER})*"
_LENGTH: Final = re.compile(_NUMBER)
_PAINT: Final = re.compile(rf"none|var\(--diagram-({'|'.join(COLORS)}),#[0-9a-f]{{6}}\)")
_WORD: Final = re.compile(r"[a-z]+(?:-[a-z]+)*")
_LENGTHS: Final = (
    "cx cy dx dy fill-opacity font-size height opacity r rx ry stroke-opacity stroke-width width "
    "x x1 x2 y y1 y2"
)
_WORDS: Final = (
    "dominant-baseline fill-rule font-style stroke-linecap stroke-linejoin text-decoration"
)
_VALUES: Final = {
    **dict.fromkeys(_LENGTHS.split(), _LENGTH),
    **dict.fromkeys(_WORDS.split(), _WORD),
    **dict.fromkeys(("fill", "stroke"), _PAINT),
    "d": re.compile(r"[MmLlHhVvCcSsQqTtAaZzEe0-9.,\s+-]+"),
    "font-weight": re.compile(r"bold|normal|[1-9]00"),
    "points": re.compile(_NUMBERS),
    "stroke-dasharray": re.compile(rf"none|{_NUMBERS}"),
    "text-anchor": re.compile(r"start|middle|end"),
    "transform": re.compile(rf"(?:(?:translate|rotate|scale)\({_NUMBERS}\)\s*)+"),
}
_SHAPES: Final = frozenset({"circle", "ellipse", "line", "path", "polygon", "polyline", "rect"})
_TEXTS: Final = frozenset({"text", "tspan"})
# What may stand in what.
_CHILDREN: Final = {
    "svg": _SHAPES | {"g", "text"},
    "g": _SHAPES | {"g", "text"},
    "text": frozenset({"tspan"}),
    "tspan": frozenset({"tspan"}),
}


class DrawingError(ValueError):
    """A drawing holds something that it may not hold; the message says what."""


@dataclass(frozen=True, slots=True)
class Drawing:
    """The checked shapes and labels of a diagram, without its title and description."""

    #: The `svg` element, without attributes.
    root: Element
    width: float
    height: float
    #: Text size of labels, in pixels like the lengths.
    font_size: float
    #: Key of the diagram that it was made from.
    key: str

    @classmethod
    def parse(cls, text: str) -> Drawing:
        """Read what `stored` wrote.

        :raises DrawingError: it is not well-formed, or holds something that it may not hold.
        """
        return cls.check(parse_xml(text))

    @classmethod
    def check(cls, root: Element) -> Drawing:
        """Take over *root*, an `svg` element in SVG's namespace.

        :raises DrawingError: it holds something that a drawing may not hold.
        """
        for element in root.iter():
            namespace, _, name = element.tag.rpartition("}")
            if namespace != f"{{{NAMESPACE}":
                raise DrawingError(f"<{name}> is not an SVG element")
            element.tag = name
        if root.tag != "svg":
            raise DrawingError(f"its root is <{root.tag}>, not <svg>")
        for child in [child for child in root if child.tag in ("title", "desc")]:
            root.remove(child)
        names = ("width", "height", "font-size")
        width, height, font_size = (_read_length(root, name) for name in names)
        key = root.get(KEY, "")
        root.attrib.clear()
        _check_content(root)
        return cls(root, width, height, font_size, key)

    @property
    def words(self) -> list[str]:
        """The words of its labels, in the order of the drawing."""
        return [word for text in self.labels for word in text.split()]

    @property
    def labels(self) -> list[str]:
        """The lines of its labels, in the order of the drawing."""
        texts = (element.text for element in self.root.iter() if element.tag in _TEXTS)
        return [text.strip() for text in texts if text and text.strip()]


def parse_xml(text: str) -> Element:
    """Return the root element of *text*.

    :raises DrawingError: it is not well-formed, or uses more of XML than elements and text.
    """
    if len(text) > _MOST_CHARACTERS:
        raise DrawingError(f"it has more than {_MOST_CHARACTERS} characters")
    # Without a document type there are no entities but XML's five.
    if "<!" in text or "<?" in text:
        raise DrawingError("it has a declaration, a comment or a processing instruction")
    try:
        return ElementTree.fromstring(text)  # noqa: S314  # entities were refused just above
    except ElementTree.ParseError as error:
        raise DrawingError(f"it is not well-formed XML ({error})") from error


def stored(drawing: Drawing, name: str, title: str, description: str) -> str:
    """Return the file that is committed: with the key, and colors for either kind of use."""
    extra = {KEY: drawing.key, "font-family": _FONTS}
    return _write(drawing, name, title, description, extra) + "\n"


def inline(drawing: Drawing, name: str, title: str, description: str) -> str:
    """Return markup to stand in a page, whose stylesheet sets fonts and colors."""
    return _write(drawing, name, title, description, {})


def picture(drawing: Drawing, name: str, title: str, description: str) -> str:
    """Return a file that needs no stylesheet, for programs that know little of CSS."""
    markup = _write(drawing, name, title, description, {"font-family": "Arial, Helvetica"})
    return re.sub(r"var\(--diagram-[a-z-]+,(#[0-9a-f]{6})\)", r"\1", markup) + "\n"


def paint(role: str) -> str:
    """Return the attribute value for the color of *role*, one of `COLORS`."""
    return f"var(--diagram-{role},{COLORS[role]})"


def _read_length(root: Element, name: str) -> float:
    value = root.get(name, "")
    if _LENGTH.fullmatch(value) is None or float(value) <= 0:
        raise DrawingError(f"<svg> has {name}={value!r}, not a length in pixels")
    return float(value)


def _check_content(root: Element) -> None:
    remaining = [(root, 0)]
    while remaining:
        element, depth = remaining.pop()
        if depth > _DEEPEST:
            raise DrawingError(f"its elements are nested more than {_DEEPEST} deep")
        _check_element(element)
        remaining.extend((child, depth + 1) for child in element)


def _check_element(element: Element) -> None:
    tag = element.tag
    for name, value in element.attrib.items():
        pattern = _VALUES.get(name)
        if pattern is None:
            raise DrawingError(f"<{tag}> has the attribute {name!r}, which drawings do not use")
        if pattern.fullmatch(value) is None:
            raise DrawingError(f"<{tag}> has {name}={value!r}, which is not allowed")
    allowed = _CHILDREN.get(tag, frozenset())
    for child in element:
        if child.tag not in allowed:
            raise DrawingError(f"<{child.tag}> must not stand in <{tag}>")
    if tag not in _TEXTS:
        texts = [element.text, *(child.tail for child in element)]
        if any(text and text.strip() for text in texts):
            raise DrawingError(f"<{tag}> has text")


def _write(drawing: Drawing, name: str, title: str, description: str, extra: dict[str, str]) -> str:
    width, height = f"{drawing.width:g}", f"{drawing.height:g}"
    attributes = {
        "xmlns": NAMESPACE,
        "viewBox": f"0 0 {width} {height}",
        "width": width,
        "height": height,
        "fill": paint("text"),
        "font-size": f"{drawing.font_size:g}",
        "role": "img",
    }
    heading = ""
    for tag, attribute, text in (
        ("title", "aria-labelledby", title),
        ("desc", "aria-describedby", description),
    ):
        if text:
            identifier = f"{name}-{tag}"
            attributes[attribute] = identifier
            content = escape(_NOT_XML.sub("\ufffd", text))
            heading += f"<{tag} id={quoteattr(identifier)}>{content}</{tag}>\n"
    start = _start("svg", attributes | extra)
    body = "".join(part for child in drawing.root for part in _write_element(child))
    return f"{start}>\n{heading}{body}</svg>"


def _write_element(element: Element) -> Iterator[str]:
    """Yield markup with line breaks where they cannot be seen: between shapes, not in labels."""
    end = "" if element.tag == "tspan" else "\n"
    yield _start(element.tag, element.attrib)
    if element.tag in _TEXTS:
        yield f">{escape(element.text or '')}"
        for child in element:
            yield from _write_element(child)
            yield escape(child.tail or "")
        yield f"</{element.tag}>{end}"
    elif len(element):
        yield ">\n"
        for child in element:
            yield from _write_element(child)
        yield f"</{element.tag}>{end}"
    else:
        yield f"/>{end}"


def _start(tag: str, attributes: dict[str, str]) -> str:
    return f"<{tag}" + "".join(f" {name}={quoteattr(v)}" for name, v in attributes.items())
