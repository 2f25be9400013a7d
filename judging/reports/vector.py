"""Makes the SVG that a drawing program wrote fit for a page under a strict content policy. Pure.

Inline styles are refused there, and ids of two drawings would collide. What is left are shapes
with classes, which the style sheet colours.
"""

import re
from collections.abc import Mapping
from types import MappingProxyType
from xml.etree import ElementTree

SVG = "http://www.w3.org/2000/svg"
PEOPLE, JUDGE, BOTH = "people", "judge", "both"

# Colours that stand for a class, and what they are on white paper.
CLASSES: Mapping[str, str] = MappingProxyType(
    {
        "ink": "#010101",
        "quiet": "#020202",
        "line": "#030303",
        "edge": "#040404",
        "paper": "#050505",
        PEOPLE: "#060606",
        JUDGE: "#070707",
        BOTH: "#080808",
    }
)
PAPER: Mapping[str, str] = MappingProxyType(
    {
        "ink": "#22272b",
        "quiet": "#4a5258",
        "line": "#dddddd",
        "edge": "#888888",
        "paper": "#ffffff",
        PEOPLE: "#1f6f6b",
        JUDGE: "#8a5a00",
        BOTH: "#444444",
    }
)
_NAMES = {colour: name for name, colour in CLASSES.items()}
# Presentation attributes; everything else in a style is dropped.
_KEPT = {
    *("fill-opacity", "stroke-opacity", "opacity", "stroke-width", "stroke-dasharray"),
    *("stroke-linecap", "stroke-linejoin", "text-anchor"),
}
_DROPPED = {"metadata", "style", "defs"}


def tidy(written: str, *, words: str) -> str:
    """The drawing without styles, ids, fonts and metadata, with `words` as its alternative."""
    # What is read here was written by this program a moment ago.
    root = ElementTree.fromstring(written)  # noqa: S314
    shapes = {node.get("id"): node for node in root.iter() if node.get("id")}
    _unfold(root, shapes)
    for node in root.iter():
        _plain(node)
    for name in ("width", "height"):
        root.attrib.pop(name, None)
    root.attrib |= {"role": "img", "aria-label": words, "class": "drawn"}
    ElementTree.register_namespace("", SVG)
    return re.sub(r"\s*\n\s*", "\n", ElementTree.tostring(root, encoding="unicode")).strip()


def _unfold(parent: ElementTree.Element, shapes: dict[str | None, ElementTree.Element]) -> None:
    """Put each used shape in the place where it is used; leave out what draws nothing."""
    for node in list(parent):
        name = node.tag.rpartition("}")[2]
        if name in _DROPPED:
            parent.remove(node)
        elif name == "use":
            parent[list(parent).index(node)] = _used(node, shapes)
        else:
            _unfold(node, shapes)


def _used(
    node: ElementTree.Element, shapes: dict[str | None, ElementTree.Element]
) -> ElementTree.Element:
    shape = shapes[node.get("{http://www.w3.org/1999/xlink}href", "")[1:]]
    group = ElementTree.Element(f"{{{SVG}}}g")
    group.set("transform", f"translate({node.get('x', '0')} {node.get('y', '0')})")
    copy = ElementTree.SubElement(group, shape.tag, {"d": shape.get("d", "")})
    copy.set("style", f"{shape.get('style', '')};{node.get('style', '')}")
    return group


def _plain(node: ElementTree.Element) -> None:
    for name in ("id", "clip-path"):
        node.attrib.pop(name, None)
    style = {
        part.partition(":")[0].strip(): part.partition(":")[2].strip()
        for part in node.attrib.pop("style", "").split(";")
        if ":" in part
    }
    named = [kind for kind in ("fill", "stroke") if style.get(kind) in _NAMES]
    classes = [f"of-{kind}-{_NAMES[style[kind]]}" for kind in named]
    if classes:
        node.set("class", " ".join(classes))
    for kind in ("fill", "stroke"):
        if kind in style and kind not in named:
            node.set(kind, "none")
    for name in _KEPT & set(style):
        node.set(name, style[name])
