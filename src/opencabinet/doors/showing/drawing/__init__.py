"""What a widget shows as one SVG image: real text, no script, nothing from outside."""

from typing import Final

from opencabinet.doors.showing.charts import Tree
from opencabinet.doors.showing.drawing.blocks import (
    draw_articles,
    draw_chart,
    draw_empty,
    draw_figures,
    draw_meter,
    say,
)
from opencabinet.doors.showing.drawing.palette import FOLLOWING, Theme, follows, ground
from opencabinet.doors.showing.drawing.pen import Pen, number, written
from opencabinet.doors.showing.drawing.tables import draw_table
from opencabinet.doors.showing.lettering import clean, extent, wrapped
from opencabinet.doors.showing.model import (
    Articles,
    Block,
    Chart,
    Empty,
    Figures,
    Honesty,
    Meter,
    Refused,
    Shown,
    Table,
)
from opencabinet.doors.wording import Words, words

__all__ = ["FOLLOWING", "picture"]

FONTS: Final = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'DejaVu Sans', 'Liberation Sans', sans-serif"
MOST_BLOCKS: Final = 8
SEPARATOR: Final = " · "
SAID: Final = 11.5


def picture(
    shown: Shown | Refused, *, width: int = 480, theme: Theme = "auto", accent: str | None = None, base: str = ""
) -> str:
    """Return what a widget shows as an SVG image, so many pixels wide.

    `accent` is six hex digits; `base` is where v1 is reached by whoever wants to check the figures.
    """
    language = words(shown.language)
    pen = Pen(width, shown.direction, ground(theme), accent)
    draw_title(pen, shown)
    if isinstance(shown, Refused):
        say(pen, shown.heading, shown.text)
        foot(pen, [language.gettext("Reference: %(id)s") % {"id": shown.request_id}] if shown.request_id else [], "")
    else:
        for block in shown.blocks[:MOST_BLOCKS]:
            pen.down(6)
            draw(pen, block, language, shown.title)
        foot(pen, honest(shown.honesty, language), f"{base}{shown.honesty.link}" if shown.honesty.link else "")
    return written(framed(pen, shown, theme))


def draw_title(pen: Pen, shown: Shown | Refused) -> None:
    """Draw what the image is of, and whose."""
    pen.box(pen.margin, 4, 17, role="accent", radius=2)
    pen.down(14)
    whose = clean(shown.login or "")
    wide = extent(whose, 13)
    pen.text(pen.margin + 13, shown.title, pen.room - 13 - wide - 12, size=16, bold=True, way="own")
    if whose:
        pen.text(pen.margin + pen.room, whose, wide, role="quiet", size=13, end=True)
    pen.down(6)


def draw(pen: Pen, block: Block, language: Words, title: str) -> None:
    """Draw a block."""
    match block:
        case Figures():
            draw_figures(pen, block)
        case Table():
            draw_table(pen, block, language, title)
        case Chart():
            draw_chart(pen, block, language, title)
        case Meter():
            draw_meter(pen, block)
        case Articles():
            draw_articles(pen, block)
        case Empty():
            draw_empty(pen, block)


def honest(shown: Honesty, language: Words) -> list[str]:
    """Return what an image says of its own figures."""
    when = f"{language.gettext('As of')} {shown.as_of_text}" if shown.as_of else shown.as_of_text
    return [when, *shown.parts, *([shown.reason] if shown.reason else [])]


def foot(pen: Pen, parts: list[str], link: str) -> None:
    """Draw what the image says of itself, whole: when it was so, how it is known, and where that can be looked up."""
    if not parts and not link:
        return
    pen.down(12)
    pen.rule()
    pen.down(3)
    for line in wrapped(clean(SEPARATOR.join(parts)), pen.room, SAID, most=6):
        pen.down(16)
        pen.text(pen.margin, line, pen.room, role="quiet", size=SAID, way="own")
    for line in parted(clean(link).removeprefix("https://"), pen.room):
        pen.down(16)
        pen.text(pen.margin, line, pen.room, role="accent", size=SAID, way="ltr")


def parted(address: str, room: float) -> list[str]:
    """Return an address in lines: nothing of it is left out, as people type it."""
    lines: list[str] = []
    for letter in address:
        if not lines or extent(lines[-1] + letter, SAID) > room:
            lines.append("")
        lines[-1] += letter
    return lines


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
