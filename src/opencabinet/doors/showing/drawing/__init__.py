"""What a widget shows as one SVG image: real text, no script, nothing from outside."""

from typing import Final

from opencabinet.doors.showing.charts import Tree
from opencabinet.doors.showing.definitions import named
from opencabinet.doors.showing.drawing.blocks import (
    draw_articles,
    draw_chart,
    draw_empty,
    draw_figures,
    draw_meter,
    say,
)
from opencabinet.doors.showing.drawing.foot import foot, honest
from opencabinet.doors.showing.drawing.palette import FOLLOWING, SOURCE, Theme, follows, ground
from opencabinet.doors.showing.drawing.pen import SMALL, Pen, number, written
from opencabinet.doors.showing.drawing.tables import draw_table
from opencabinet.doors.showing.lettering import clean, extent
from opencabinet.doors.showing.model import (
    Articles,
    Block,
    Chart,
    Empty,
    Figures,
    Meter,
    Refused,
    Shown,
    Table,
)
from opencabinet.doors.wording import Words, words

__all__ = ["FOLLOWING", "SOURCE", "picture"]

FONTS: Final = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'DejaVu Sans', 'Liberation Sans', sans-serif"
MOST_BLOCKS: Final = 8
TITLE: Final = 16
BESIDE: Final = 30
"""What stands beside a title, and between it and whose it is."""


def picture(
    shown: Shown | Refused, *, width: int = 480, theme: Theme = "auto", accent: str | None = None, base: str = ""
) -> str:
    """Return what a widget shows as an SVG image, so many pixels wide.

    `accent` is six hex digits; `base` is where v1 is reached by whoever wants to check the figures.
    """
    language = words(shown.language)
    pen = Pen(width, shown.direction, ground(theme), accent)
    draw_title(pen, shown, language)
    if isinstance(shown, Refused):
        say(pen, shown.heading, " ".join(filter(None, (shown.text, shown.detail))))
        foot(pen, [language.gettext("Reference: %(id)s") % {"id": shown.request_id}] if shown.request_id else [], "")
    else:
        for block in shown.blocks[:MOST_BLOCKS]:
            pen.down(6)
            draw(pen, block, language, shown.title)
        foot(pen, honest(shown.honesty, language), f"{base}{shown.honesty.link}" if shown.honesty.link else "")
    return written(framed(pen, shown, theme))


def draw_title(pen: Pen, shown: Shown | Refused, language: Words) -> None:
    """Draw what the image is of, and whose."""
    pen.box(pen.margin, 4, 17, role="accent", radius=2)
    whose = clean(named(shown.widget, shown.login, language)) if shown.login else ""
    wide = extent(whose, SMALL)
    below = extent(clean(shown.title), TITLE, bold=True) + BESIDE + wide > pen.room
    pen.down(14)
    at, room = pen.margin + 13, pen.room - 13
    pen.text(at, shown.title, room if below else room - wide, size=TITLE, bold=True, way="own")
    if whose and below:
        pen.down(18)
        pen.text(at, whose, room, role="quiet", size=SMALL, way="own")
    elif whose:
        pen.text(pen.margin + pen.room, whose, wide, role="quiet", size=SMALL, end=True, way="own")
    pen.down(6)


def draw(pen: Pen, block: Block, language: Words, title: str) -> None:
    """Draw a block."""
    match block:
        case Figures():
            draw_figures(pen, block, language)
        case Table():
            draw_table(pen, block, language, title)
        case Chart():
            draw_chart(pen, block, language, title)
        case Meter():
            draw_meter(pen, block)
        case Articles():
            draw_articles(pen, block, language)
        case Empty():
            draw_empty(pen, block)


def framed(pen: Pen, shown: Shown | Refused, theme: Theme) -> Tree:
    """Return the whole image: what was drawn, on its card."""
    width, height = pen.width, round(pen.y + pen.margin)
    card = {"x": "0.5", "y": "0.5", "width": number(width - 1), "height": number(height - 1), "rx": "10"}
    outline = pen.paint("rule", "stroke")
    fill = pen.paint("card")
    attributes = {
        "xmlns": "http://www.w3.org/2000/svg",
        "width": number(width),
        "height": number(height),
        "viewBox": f"0 0 {width} {height}",
        "role": "img",
        "aria-label": clean(shown.title),
        "lang": shown.language,
        "direction": "ltr",
        "font-family": FONTS,
    }
    style = [["style", {}, [FOLLOWING]]] if follows(theme) else []
    back = ["rect", card | fill | outline | {"class": f"{fill['class']} {outline['class']}"}, []]
    return ["svg", attributes, [["title", {}, [clean(shown.title)]], *style, back, *pen.drawn]]
