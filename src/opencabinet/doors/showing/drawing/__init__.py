"""What a widget shows as one SVG image: real text, no script, nothing from outside."""

import re
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
from opencabinet.doors.showing.drawing.palette import FOLLOWING, Theme, follows, ground
from opencabinet.doors.showing.drawing.pen import SMALL, Pen, number, written
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
SAID, TITLE = 11.5, 16
BESIDE: Final = 30
"""What stands beside a title, and between it and whose it is."""
KEPT: Final = "\u00a0"
PARTS: Final = re.compile(r"[/?&]?[^/?&]+|[/?&]")


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
        say(pen, shown.heading, shown.text)
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


def honest(shown: Honesty, language: Words) -> list[str]:
    """Return what an image says of its own figures."""
    as_of = language.gettext("As of")
    when = f"{as_of} {shown.as_of_text}" if shown.as_of else shown.as_of_text
    return [when, *shown.parts, *([shown.reason] if shown.reason else [])]


def foot(pen: Pen, parts: list[str], link: str) -> None:
    """Draw what the image says of itself, whole: when it was so, how it is known, and where that can be looked up."""
    if not parts and not link:
        return
    pen.down(12)
    pen.rule()
    pen.down(3)
    for line in wrapped(SEPARATOR.join(together(clean(each), pen.room) for each in parts), pen.room, SAID, most=6):
        pen.down(16)
        pen.text(pen.margin, line, pen.room, role="quiet", size=SAID, way="own")
    for line in parted(clean(link).removeprefix("https://"), pen.room):
        pen.down(16)
        pen.text(pen.margin, line, pen.room, role="accent", size=SAID, way="ltr")


def together(part: str, room: float) -> str:
    """Return a part of a line that is not broken unless it must be."""
    return part.replace(" ", KEPT) if extent(part, SAID) <= room else part


def parted(address: str, room: float) -> list[str]:
    """Return an address in lines, of which nothing is left out: it is broken before a slash where it can be."""
    lines = [""]
    for part in PARTS.findall(address):
        if extent(lines[-1] + part, SAID) <= room:
            lines[-1] += part
        elif extent(part, SAID) <= room:
            lines.append(part)
        else:
            lines += broken(part, room)
    return [line for line in lines if line]


def broken(part: str, room: float) -> list[str]:
    """Return a word that is longer than a line, in lines."""
    lines = [""]
    for letter in part:
        if extent(lines[-1] + letter, SAID) > room:
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
