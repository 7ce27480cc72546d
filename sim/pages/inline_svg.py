"""Inline SVG: a figure prepared for a page with other figures and a strict content policy.

Ids get a prefix or are removed, styles become attributes, and invisible parts are left out.
Elements and attributes that are not listed here are refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree import ElementTree as ET

_DROPPED = frozenset({"metadata", "style", "title"})
_ELEMENTS = frozenset({
    "svg", "g", "path", "defs", "clipPath", "rect", "use", "text", "tspan", "pattern", "image",
    "circle", "ellipse", "line", "polygon", "polyline",
})  # fmt: skip
_ATTRIBUTES = frozenset({
    "viewBox", "d", "x", "y", "width", "height", "transform", "id", "href", "clip-path", "points",
    "cx", "cy", "r", "rx", "ry", "x1", "x2", "y1", "y2", "patternUnits", "patternTransform",
    "preserveAspectRatio", "fill", "fill-opacity", "fill-rule", "opacity", "stroke",
    "stroke-dasharray",
    "stroke-dashoffset", "stroke-linecap", "stroke-linejoin", "stroke-miterlimit", "stroke-opacity",
    "stroke-width", "font-size", "font-style", "font-weight", "font-family", "text-anchor",
    "image-rendering",
})  # fmt: skip
_USUAL = {  # default values
    "stroke-dashoffset": "0",
    "stroke-linecap": "butt",
    "stroke-opacity": "1",
    "fill-opacity": "1",
    "opacity": "1",
    "text-anchor": "start",
}
_FAMILIES = "DejaVu Sans, Verdana, sans-serif"
_STILL = re.compile(r"rotate\(-?0(?:\.0+)? [^)]*\)\Z")
_LOCAL, _LINK = re.compile(r"url\(#([^)]+)\)"), "#"
_PICTURE = "data:image/png;base64,"
_LONG = re.compile(r"(\d\.\d)\d+")  # of a point, a tenth
_PLACED = frozenset({"x", "y", "width", "height", "d", "transform"})


class InlineSvgError(ValueError):
    """A figure with an element or attribute that our figures do not have."""


def inline_svg(text: str, prefix: str, label: str) -> str:
    """Return an SVG as an element of a page, with a label and ids that begin with a prefix."""
    root = _bare(ET.fromstring(text))  # noqa: S314 - drawn a moment ago by matplotlib
    named = {name for each in root.iter() for name in _references(each)}
    for each in root.iter():
        _clean(each, prefix, named)
    _join(root)
    width, height = root.attrib["viewBox"].split()[2:]
    root.attrib = {
        "viewBox": root.attrib["viewBox"],
        "width": width,
        "height": height,
        "role": "img",
        "aria-label": label,
        "font-family": _FAMILIES,
        "stroke-linejoin": "round",
    }
    return ET.tostring(root, encoding="unicode")


def _bare(element: ET.Element) -> ET.Element:
    """Return an element without namespaces and without invisible parts."""
    for each in element.iter():
        each.tag = _local(each.tag)
        each.attrib = {_local(name): value for name, value in each.attrib.items()}
        each.tail = None if each.tag != "tspan" else each.tail
        if each.tag not in {"text", "tspan"}:
            each.text = None
        for child in [*each]:
            if _local(child.tag) in _DROPPED:
                each.remove(child)
    return element


def _local(name: str) -> str:
    return name.rpartition("}")[2]


def _references(element: ET.Element) -> Iterator[str]:
    """Yield the ids that an element names."""
    for name, value in element.attrib.items():
        if name == "href" and value.startswith(_LINK):
            yield value[1:]
        yield from _LOCAL.findall(value)


def _clean(element: ET.Element, prefix: str, named: set[str]) -> None:
    """Adapt the attributes of an element for a page."""
    if element.tag not in _ELEMENTS:
        message = f"figures may not have the element {element.tag}"
        raise InlineSvgError(message)
    attributes = dict(element.attrib)
    for part in attributes.pop("style", "").split(";"):
        name, _, value = part.partition(":")
        if name.strip():
            attributes[name.strip()] = value.strip()
    for name in ("version", "type", "font-family"):
        attributes.pop(name, None)
    if attributes.get("id") not in named:
        attributes.pop("id", None)
    kept = {}
    for name, value in attributes.items():
        if name not in _ATTRIBUTES:
            message = f"figures may not have the attribute {name}"
            raise InlineSvgError(message)
        if _USUAL.get(name) == value or (name == "transform" and _STILL.match(value)):
            continue
        kept[name] = _fitted(name, value, prefix)
    element.attrib = kept


def _fitted(name: str, value: str, prefix: str) -> str:
    if name == "id":
        return prefix + value
    if name == "href":
        if value.startswith(_LINK):
            return f"#{prefix}{value[1:]}"
        if value.startswith(_PICTURE):
            return value.replace("\n", "")
        message = "figures may not refer to anything outside themselves"
        raise InlineSvgError(message)
    value = _LOCAL.sub(rf"url(#{prefix}\1)", value)
    if name == "d":
        value = " ".join(value.split())
    return _LONG.sub(r"\1", value) if name in _PLACED and "matrix" not in value else value


def _join(element: ET.Element) -> None:
    """Replace groups without attributes by their children."""
    for child in element:
        _join(child)
    children: list[ET.Element] = []
    for child in element:
        plain = child.tag == "g" and not child.attrib
        children += [*child] if plain else [child]
    element[:] = [each for each in children if each.tag != "defs" or len(each)]
