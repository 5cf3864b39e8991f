"""A pen that draws from the start of a line to its end, whichever side that is."""

from typing import Final, Literal
from xml.sax.saxutils import escape, quoteattr

from opencabinet.doors.showing.charts import Tree
from opencabinet.doors.showing.drawing.palette import PALETTES, Ground
from opencabinet.doors.showing.lettering import Direction, clean, isolated, shortened

SMALL, USUAL = 12, 14
LEADING: Final = 1.45
"""How far lines stand apart, in their heights."""
WIDE_FROM: Final = 320
Paint = Literal["fill", "stroke", "color"]
Way = Literal["own", "auto", "ltr"]
"""Which way a text runs: that of the language, its own, or that of figures."""


class Pen:
    """Draws an image from top to bottom: `y` is where it is; `at` is how far something is from where lines begin."""

    def __init__(self, width: int, direction: Direction, ground: Ground, accent: str | None) -> None:
        self.width = width
        self.direction = direction
        self.colours = dict(PALETTES[ground])
        self.own = {"accent": accent, "series-0": accent} if accent else {}
        self.margin = 20 if width >= WIDE_FROM else 14
        self.y: float = self.margin
        self.drawn: list[Tree] = []

    @property
    def room(self) -> float:
        """How wide the place between the margins is."""
        return self.width - 2 * self.margin

    def paint(self, role: str, how: Paint = "fill") -> dict[str, str]:
        """Return the colour of a role: one that the owner chose stays as it is, others follow the reader."""
        if colour := self.own.get(role):
            return {how: f"#{colour}"}
        return {how: self.colours[role], "class": f"oc{how[0]}-{role}"}

    def place(self, at: float, *, wide: float = 0) -> float:
        """Return the left edge of what is so wide and so far from the start."""
        return at if self.direction == "ltr" else self.width - at - wide

    def text(
        self, at: float, text: str, room: float, *, role: str = "ink", size: float = USUAL, bold: bool = False,
        end: bool = False, way: Way = "auto",
    ) -> None:  # fmt: skip
        """Write as much of a text as there is room for, on the line that ends at `y`."""
        shown = shortened(clean(text), room, size, bold=bold)
        anchor = "end" if end == (self.direction == "ltr") else "start"
        attributes = {"x": number(self.place(at)), "y": number(self.y), "font-size": number(size)}
        attributes |= {"text-anchor": anchor} | ({"font-weight": "600"} if bold else {}) | self.paint(role)
        self.drawn.append(["text", attributes, [isolated(shown, self.direction if way == "own" else way)]])

    def box(self, at: float, wide: float, high: float, *, role: str, radius: float = 0) -> None:
        """Fill a box below `y`."""
        place = {"x": number(self.place(at, wide=wide)), "y": number(self.y)}
        size = {"width": number(wide), "height": number(high)} | ({"rx": number(radius)} if radius else {})
        self.drawn.append(["rect", place | size | self.paint(role), []])

    def rule(self) -> None:
        """Draw a line from margin to margin."""
        ends = {"x1": number(self.margin), "x2": number(self.width - self.margin)}
        ends |= {"y1": number(self.y), "y2": number(self.y)}
        self.drawn.append(["line", ends | self.paint("rule", "stroke"), []])

    def down(self, by: float) -> None:
        """Go down."""
        self.y += by


def number(value: float) -> str:
    """Write a length to a tenth of a pixel."""
    return f"{value:.1f}".removesuffix(".0")


def written(tree: Tree | str) -> str:
    """Write a tree as XML."""
    if isinstance(tree, str):
        return escape(tree)
    tag, attributes, children = tree
    names = "".join(f" {name}={quoteattr(value)}" for name, value in attributes.items())
    return f"<{tag}{names}>{''.join(map(written, children))}</{tag}>" if children else f"<{tag}{names}/>"
