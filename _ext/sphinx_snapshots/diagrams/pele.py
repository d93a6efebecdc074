"""The drawing program: Pele, as the package ``mermaid-render`` brings it, run in QuickJS.

The program draws without files, network, browser or Node. Only the command
imports this module; what it needs comes with the extra ``draw``.
"""

from __future__ import annotations

import json
import re
from importlib.resources import files
from typing import TYPE_CHECKING, Final

import quickjs  # type: ignore[import-untyped]  # it ships no types

from .model import OPTIONS, SourceError
from .svg import KEY, NAMESPACE, Drawing, DrawingError, paint, parse_xml

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_MEMORY: Final = 256 * 1024 * 1024
_SECONDS: Final = 20

# Its result or its error as JSON; the arguments are JSON, which is JavaScript.
_CALL: Final = """(() => {
    try {
        return JSON.stringify({svg: pele.render(%s, %s).svg});
    } catch (error) {
        return JSON.stringify({
            message: String(error.message), line: error.line || 0, column: error.column || 0,
        });
    }
})()"""

# Its names for colors, in our words.
_PAINTS: Final = {
    "var(--_bg)": paint("background"),
    "var(--_fg)": paint("text"),
    "var(--_m)": paint("muted"),
    "var(--_l)": paint("line"),
    "var(--_s)": paint("surface"),
    "var(--_a)": paint("surface-alt"),
    "var(--_b)": paint("border"),
    "var(--_c)": paint("accent"),
    "none": "none",
}
# Groups of nodes come filled, and labels in them with a background that is sometimes that of the
# group and sometimes that of the page. Groups without filling need one kind only.
_GROUP_FILLING: Final = ("var(--_a)", "0.5")
_GROUP_LABEL: Final = re.compile(r"color-mix\(in srgb,var\(--_a\) [0-9.]+%,var\(--_bg\)\)")
_WEIGHTS: Final = {"var(--_tw)": "bold", "var(--_hw)": "bold", "var(--_w)": "bold"}
# Rounded corners come as CSS, which XML attributes can say as well.
_ROUND_CORNERS: Final = "rx:var(--_r)"
_CORNER: Final = "4"
# Attributes that serve its own scripts and styles.
_SUPERFLUOUS: Final = re.compile(r"class|data-.*|aria-.*|role|\{.*\}space")


class Pele:
    """Draws diagrams."""

    def __init__(self) -> None:
        """Load the program, which takes a moment: use one for all diagrams."""
        self._context = quickjs.Context()
        self._context.set_memory_limit(_MEMORY)
        self._context.set_time_limit(_SECONDS)
        bundle = files("mermaid_render").joinpath("pele/pele.global.js")
        self._context.eval(bundle.read_text(encoding="utf-8"))

    def draw(self, source: str, key: str) -> Drawing:
        """Return the drawing of a Mermaid *source*, in the first way that breaks no word.

        :param key: what to keep in the drawing to know it by.
        :raises SourceError: the source is wrong, or asks for something that drawings do not have.
        """
        for font_size, width in OPTIONS["attempts"]:
            unlimited = self._draw(source, key, font_size, None)
            drawing = self._draw(source, key, font_size, width)
            if drawing.width <= width and sorted(drawing.words) == sorted(unlimited.words):
                return drawing
        return unlimited

    def _draw(self, source: str, key: str, font_size: int, width: int | None) -> Drawing:
        wishes: dict[str, object] = {
            "config": {
                "flowchart": {
                    "nodeSpacing": OPTIONS["node_spacing"],
                    "rankSpacing": OPTIONS["row_spacing"],
                    "wrappingWidth": OPTIONS["label_width"],
                }
            },
            "directionBreakpoint": OPTIONS["turn_below"],
            "fontSize": font_size,
            "images": False,
            "links": False,
            "padding": OPTIONS["padding"],
        }
        if width is not None:
            wishes["maxWidth"] = width
        try:
            answer = self._context.eval(_CALL % (json.dumps(source), json.dumps(wishes)))
        except quickjs.JSException as error:
            raise SourceError(f"the drawing program gave up ({error})") from error
        reply = json.loads(answer)
        if "svg" not in reply:
            raise SourceError(reply["message"], reply["line"], reply["column"])
        try:
            root = parse_xml(reply["svg"])
            for element in root.iter():
                _tidy(element)
            root.set(KEY, key)
            root.set("font-size", str(font_size))
            return Drawing.check(root)
        except DrawingError as error:
            raise SourceError(f"the drawing cannot be used: {error}") from error


def _tidy(element: Element) -> None:
    """Say in our attributes what *element* says in the drawing program's.

    :raises DrawingError: it has a color of its own, which would not follow the theme.
    """
    attributes = dict(element.attrib)
    element.attrib.clear()
    if element.tag == f"{{{NAMESPACE}}}svg":
        element.attrib.update({name: attributes[name] for name in ("width", "height")})
        return
    if (attributes.get("fill"), attributes.get("fill-opacity")) == _GROUP_FILLING:
        attributes["fill"] = "none"
        del attributes["fill-opacity"]
    for name, value in attributes.items():
        if name in ("fill", "stroke"):
            ours = _PAINTS.get("var(--_bg)" if _GROUP_LABEL.fullmatch(value) else value)
            if ours is None:
                raise DrawingError(_own_color(value))
            element.set(name, ours)
        elif name == "font-weight":
            element.set(name, _WEIGHTS.get(value, value))
        elif name == "style":
            declarations = [part.strip() for part in value.split(";") if part.strip()]
            own = [part for part in declarations if part != _ROUND_CORNERS]
            if own:
                raise DrawingError(_own_color("; ".join(own)))
            element.set("rx", _CORNER)
        elif _SUPERFLUOUS.fullmatch(name) is None:
            element.set(name, value)


def _own_color(value: str) -> str:
    return (
        f"{value!r} would not follow the theme; use no 'style', 'classDef', 'linkStyle' or 'rect', "
        "and no kind of diagram that has a color for each series"
    )
