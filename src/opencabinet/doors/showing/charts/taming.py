"""Pygal's drawing as a tree that any page's style reaches: no style, no script and no id of its own."""

import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any, Final
from xml.etree.ElementTree import Element

from opencabinet.doors.showing.charts.scales import LABEL_SIZE
from opencabinet.doors.showing.lettering import Direction, isolated

Tree = list[Any]
"""An element: its tag, its attributes, and its children, which are elements and texts."""

GEOMETRY: Final = frozenset({"transform", "d", "x", "y", "cx", "cy", "r", "rx", "ry", "width", "height"})
LONG: Final = re.compile(r"-?\d+\.\d+")
WITHIN: Final = ("always_show", "axis", "series")
"""The parts of a drawing that are wanted, by pygal's classes; an axis that is always shown has lines across."""
CURRENT: Final = {"fill": "currentColor"}
STROKE: Final = {"fill": "none", "stroke": "currentColor", "vector-effect": "non-scaling-stroke"}
LINE: Final = {"class": "oc-path", **STROKE, "stroke-width": "2", "stroke-linejoin": "round"}
AREA: Final = {"class": "oc-area", **CURRENT, "fill-opacity": "0.1"}
FEET: Final = re.compile(r"^M\S+ \S+ L")
"""Where a filled line begins: below its first point. It ends below its last one."""
GUIDE: Final = {"class": "oc-guide", **STROKE, "stroke-opacity": "0.15"}
ZERO: Final = {"class": "oc-zero", **STROKE, "stroke-opacity": "0.45"}
LABEL: Final = {"class": "oc-tick", **CURRENT, "font-size": str(LABEL_SIZE)}
PAINT: Final[Mapping[tuple[str, str, str], dict[str, str]]] = MappingProxyType(
    {
        ("path", "series", "line"): LINE,
        ("path", "always_show", "guide"): GUIDE,
        ("path", "always_show", "line"): ZERO,
        ("rect", "series", "loss"): {"class": "oc-column oc-loss", **CURRENT},
        ("rect", "series", "rect"): {"class": "oc-column", **CURRENT},
        ("circle", "series", "dot"): {"class": "oc-dot", **CURRENT},
    }
)
"""How a shape is painted, by its tag, where it stands and a class of pygal's. What is not named is left out."""


def tamed(drawn: Element, direction: Direction) -> list[Tree]:
    """Return what pygal drew, as trees."""
    return [each for child in drawn for each in trees(child, "", direction)]


def trees(element: Element, where: str, direction: Direction) -> Iterator[Tree]:
    """Give an element as a tree, or nothing if there is nothing to be seen of it."""
    if not isinstance(element.tag, str):  # a comment
        return
    classes = element.get("class", "").split()
    where = next((each for each in WITHIN if each in classes), where)
    if element.tag == "g":
        yield from group(element, classes, where, direction)
    elif element.tag == "text" and element.text:
        yield letters(element, where, direction)
    elif element.tag == "desc" and classes == ["value"]:
        yield ["title", {}, [element.text]]
    elif paint := painted(element.tag, where, classes):
        yield from shapes(element, classes, measures(element) | paint)


def group(element: Element, classes: list[str], where: str, direction: Direction) -> Iterator[Tree]:
    """Give what is in a group; the group itself only where it moves, names a series or holds a bar with its figure."""
    inside = [each for child in element for each in trees(child, where, direction)]
    number = next((each.removeprefix("serie-") for each in classes if each.startswith("serie-")), None)
    own = measures(element) | ({"class": f"oc-series oc-series-{number}"} if number else {})
    if inside and (own or "bar" in classes):
        yield ["g", own, inside]
    else:
        yield from inside


def shapes(element: Element, classes: list[str], attributes: dict[str, str]) -> Iterator[Tree]:
    """Give a shape; a line that is filled becomes the area below it and the line itself."""
    if "line" in classes and "reactive" in classes and "nofill" not in classes:
        yield ["path", {"d": attributes["d"], **AREA}, []]
        attributes = attributes | {"d": FEET.sub("M", attributes["d"].rsplit(" ", 2)[0])}
    yield [element.tag, attributes, []]


def painted(tag: str, where: str, classes: list[str]) -> dict[str, str] | None:
    """Return how a shape is painted, None if it is not wanted."""
    return next(
        (paint for (of, at, name), paint in PAINT.items() if (of, at) == (tag, where) and name in classes), None
    )


def letters(element: Element, where: str, direction: Direction) -> Tree:
    """Return a text, which runs the way of its language."""
    beside = where and float(element.get("x", "0")) < 0
    text = isolated(element.text or "", "rtl" if direction == "rtl" else "auto")
    return ["text", measures(element) | LABEL | {"text-anchor": "end" if beside else "middle"}, [text]]


def measures(element: Element) -> dict[str, str]:
    """Return where an element stands, to a tenth of a pixel."""
    return {name: LONG.sub(rounded, value) for name, value in element.attrib.items() if name in GEOMETRY}


def rounded(number: re.Match[str]) -> str:
    """Return a number with one decimal, or none."""
    return f"{float(number[0]):.1f}".removesuffix(".0")
