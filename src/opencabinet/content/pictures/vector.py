"""Drawings (SVG): read strictly, and drawn anew from what is known to be only a drawing.

Nothing that is not listed here is carried over: no scripts, handlers, styles that reach out, pages within pages, nor
references to anything but the gradients and clips of the same file. A file that defines entities is refused unread.
"""

import re
from typing import Final
from xml.etree.ElementTree import Element, SubElement, tostring
from xml.parsers import expat

from opencabinet.content.pictures.model import LARGEST, SIZES, SPELLED, BadBanner
from opencabinet.content.pictures.styles import cleaned, fits, styled

SVG: Final = "http://www.w3.org/2000/svg"
XLINK: Final = "http://www.w3.org/1999/xlink"
DEEPEST: Final = 32
MOST_ELEMENTS: Final = 5_000
MOST_ATTRIBUTES: Final = 64
TEXTS: Final = frozenset({"title", "desc", "text", "tspan"})
CUTTING: Final = frozenset({"clipPath", "mask"})
"""What cuts another out; cut themselves they could be drawn again and again without end."""
GRADIENTS: Final = frozenset({"linearGradient", "radialGradient"})
ELEMENTS: Final = (
    TEXTS
    | GRADIENTS
    | CUTTING
    | frozenset({"svg", "g", "defs", "stop", "path", "rect", "circle", "ellipse", "line", "polyline", "polygon"})
)
PASSED_THROUGH: Final = frozenset({"a"})
"""What is taken away, but not what stands in it."""
CUT_BY: Final = frozenset({"clip-path", "mask"})
GEOMETRY: Final = frozenset(
    {
        *("x", "y", "x1", "y1", "x2", "y2", "cx", "cy", "r", "rx", "ry", "fx", "fy", "fr", "dx", "dy", "d", "points"),
        *("width", "height", "viewBox", "transform", "offset", "rotate", "textLength", "lengthAdjust", "pathLength"),
        *("gradientUnits", "gradientTransform", "spreadMethod", "clipPathUnits", "maskUnits", "maskContentUnits"),
        "preserveAspectRatio",
    }
)
CALLED: Final = re.compile(r"[A-Za-z_][\w.-]{0,99}", re.ASCII)
CLASSES: Final = re.compile(r"[A-Za-z_][\w.-]{0,99}( [A-Za-z_][\w.-]{0,99}){0,9}", re.ASCII)
HERE: Final = re.compile(r"#[A-Za-z_][\w.-]{0,99}", re.ASCII)
FIGURES: Final = re.compile(r"(?:[-+0-9.eE,\s%A-Za-z]|\([-+0-9.eE,\s]*\))*", re.ASCII)
LENGTH: Final = re.compile(r"([0-9]{1,4})(?:\.0{1,6})?(?:px)?", re.ASCII)
BOX: Final = re.compile(
    r"\s*0(?:\.0+)?[\s,]+0(?:\.0+)?[\s,]+([0-9]{1,4})(?:\.0+)?[\s,]+([0-9]{1,4})(?:\.0+)?\s*", re.ASCII
)
START: Final = re.compile(rb"(?:\xef\xbb\xbf)?\s*<")


def looks_drawn(content: bytes) -> bool:
    """Whether a file may be a drawing: it begins as XML does."""
    return START.match(content) is not None


def redrawn(content: bytes) -> tuple[int, int, bytes, tuple[str, ...]]:
    """Return the width and height of a drawing, its bytes as we write them, and what was left out of it.

    Raises:
        BadBanner: if it is no drawing, none of a size that is shown, or one that cannot be read safely.
    """
    drawing = Drawing()
    drawing.read(content)
    if drawing.root is None:
        raise BadBanner("There is no drawing in it.")
    width, height = measured(drawing.root)
    box = drawing.root.attrib.get("viewBox", f"0 0 {width} {height}")
    head = {"xmlns": SVG, "width": str(width), "height": str(height), "viewBox": box}
    drawing.root.attrib = head | {name: value for name, value in drawing.root.attrib.items() if name not in head}
    made = tostring(drawing.root, "utf-8", short_empty_elements=True)
    if len(made) > LARGEST:
        raise BadBanner(f"Drawn anew it has {len(made)} bytes, more than {LARGEST}.")
    return width, height, made, tuple(sorted(drawing.left_out))


def measured(root: Element) -> tuple[int, int]:
    """Return the size that a drawing says, in whole pixels.

    Raises:
        BadBanner: if it says none, or one that no banner has.
    """
    given = [LENGTH.fullmatch(root.attrib.get(name, "")) for name in ("width", "height")]
    box = BOX.fullmatch(root.attrib.get("viewBox", ""))
    sides = [each[1] for each in given if each] if all(given) else list(box.groups()) if box else []
    size = (int(sides[0]), int(sides[1])) if sides else (0, 0)
    if size not in SIZES:
        raise BadBanner(f"A drawing says its width and height; a banner is one of {', '.join(SPELLED)}.")
    return size


class Drawing:
    """What is drawn anew while a file is read."""

    def __init__(self) -> None:
        self.root: Element | None = None
        self.left_out: set[str] = set()
        self._open: list[Element | None] = []
        self._hidden = 0
        self._styles: list[str] | None = None
        self._count = 0

    def read(self, content: bytes) -> None:
        """Read a file.

        Raises:
            BadBanner: if it is not well-formed UTF-8, or says more than drawings do.
        """
        parser = expat.ParserCreate("utf-8", " ")
        parser.buffer_text = True
        parser.StartElementHandler, parser.EndElementHandler = self._begin, self._end
        parser.CharacterDataHandler = self._text
        parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = self._refuse
        parser.ProcessingInstructionHandler = self._instruct
        try:
            content.decode()
            parser.Parse(content, True)  # noqa: FBT003 - expat's own signature
        except (expat.ExpatError, UnicodeDecodeError) as wrong:
            raise BadBanner("The drawing is no well-formed XML in UTF-8.") from wrong

    def _refuse(self, *_: object) -> None:
        raise BadBanner("A drawing has no document type and defines no entities.")

    def _instruct(self, target: str, _: str) -> None:
        self.left_out.add(f"<?{target[:40]}?>")

    def _begin(self, tag: str, attributes: dict[str, str]) -> None:
        """Take an element over, or leave it out with all that is in it."""
        self._count += 1
        if self._count > MOST_ELEMENTS or len(self._open) >= DEEPEST or len(attributes) > MOST_ATTRIBUTES:
            raise BadBanner("The drawing is too large to be read.")
        space, _, name = tag.rpartition(" ")
        above = self._open[-1] if self._open else None
        element = None
        if self._hidden or self._styles is not None:
            self._hidden += 1
        elif space == SVG and name == "style" and above is not None:
            self._styles = []
        elif space == SVG and name in PASSED_THROUGH and above is not None:
            self.left_out.add(f"<{name}>")
            element = above
        elif space == SVG and name in ELEMENTS and (above is not None or name == "svg"):
            element = self._made(above, name, self._attributes(name, attributes))
        else:
            self.left_out.add(f"<{name[:40]}>")
            self._hidden += 1
        self._open.append(element)

    def _made(self, above: Element | None, name: str, attributes: dict[str, str]) -> Element:
        if above is not None:
            return SubElement(above, name, attributes)
        self.root = Element(name, attributes)
        return self.root

    def _end(self, _: str) -> None:
        self._open.pop()
        if self._hidden:
            self._hidden -= 1
        elif self._styles is not None:
            text, self._styles = "".join(self._styles), None
            above = self._open[-1]
            rules, whole = cleaned(text)
            if rules and above is not None:
                SubElement(above, "style").text = rules
            if not whole:
                self.left_out.add("styles")

    def _text(self, data: str) -> None:
        """Take over what is written within texts."""
        if self._styles is not None and not self._hidden:
            self._styles.append(data)
        element = self._open[-1] if self._open else None
        if self._hidden or element is None or element.tag not in TEXTS:
            return
        if len(element):
            element[-1].tail = (element[-1].tail or "") + data
        else:
            element.text = (element.text or "") + data

    def _attributes(self, element: str, given: dict[str, str]) -> dict[str, str]:
        """Return what is taken over of attributes."""
        found: dict[str, str] = {}
        cuts = element in CUTTING or any(each is not None and each.tag in CUTTING for each in self._open)
        for spelled, value in given.items():
            space, _, name = spelled.rpartition(" ")
            text = " ".join(value.split())
            if cuts and name in CUT_BY:
                self.left_out.add(name)
                continue
            if (kept := kept_of(element, space, name, text)) is not None:
                found[name] = kept
            if kept != text:
                self.left_out.add(name[:40])
        return found


def kept_of(element: str, space: str, name: str, text: str) -> str | None:
    """Return what is kept of an attribute, None if nothing is."""
    if name == "href" and space in {"", XLINK}:
        return text if element in GRADIENTS and HERE.fullmatch(text) else None
    if space:
        return None
    if name == "style":
        return styled(text)[0] or None
    if name in GEOMETRY:
        return text if FIGURES.fullmatch(text) else None
    if name in {"id", "class"}:
        return text if (CALLED if name == "id" else CLASSES).fullmatch(text) else None
    return text if fits(name, text, references=True) else None
