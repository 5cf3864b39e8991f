"""The other blocks in images: figures, charts, meters, articles, and nothing at all."""

from typing import Final

from opencabinet.doors.showing.charts import Tree, drawing, left_out
from opencabinet.doors.showing.drawing.pen import Pen, number
from opencabinet.doors.showing.drawing.tables import ROLES, draw_note
from opencabinet.doors.showing.lettering import clean, extent, wrapped
from opencabinet.doors.showing.model import Article, Articles, Chart, Empty, Figure, Figures, Meter
from opencabinet.doors.wording import Words

LARGE: Final = (30, 25, 21, 17, 14)
SMALLER: Final = (17, 15, 13, 11)
COLUMN: Final = 150
MOST_FIGURES: Final = 48
MOST_ARTICLES: Final = 6
LOW, HIGH, PROPORTION = 150, 420, 0.46
"""How high a chart is: a part of its width, within bounds."""


def draw_figures(pen: Pen, block: Figures, words: Words) -> None:
    """Draw figures: the first large, the others in columns below."""
    for first in block.items[:1]:
        draw_figure(pen, first, pen.margin, pen.room, LARGE)
    rest = block.items[1:MOST_FIGURES]
    columns = max(1, int(pen.room // COLUMN))
    wide = pen.room / columns
    for start in range(0, len(rest), columns):
        top, bottom = pen.y + 8, pen.y
        for place, figure in enumerate(rest[start : start + columns]):
            pen.y = top
            draw_figure(pen, figure, pen.margin + place * wide, wide - 12, SMALLER)
            bottom = max(bottom, pen.y)
        pen.y = bottom
    count_shown(pen, MOST_FIGURES, len(block.items), words.gettext("The picture shows %(shown)s of %(all)s figures."))


def count_shown(pen: Pen, most: int, count: int, said: str) -> None:
    """Say how many are not shown, if any."""
    if count > most:
        pen.down(8)
        draw_note(pen, said % {"shown": most, "all": count})


def draw_figure(pen: Pen, figure: Figure, at: float, room: float, sizes: tuple[int, ...]) -> None:
    """Draw a figure below its name, as large as there is room for."""
    pen.down(14)
    pen.text(at, figure.label, room, role="quiet", size=12, way="own")
    text = clean(figure.cell.text)
    size = next((each for each in sizes if extent(text, each, bold=True) <= room), sizes[-1])
    pen.down(size + 5)
    pen.text(at, text, room, role=ROLES[figure.cell.tone], size=size, bold=True)
    pen.down(5)
    if figure.note:
        pen.down(12)
        pen.text(at, figure.note, room, role="quiet", size=11, way="own")


def draw_meter(pen: Pen, meter: Meter) -> None:
    """Draw how far something has come, and say it below."""
    pen.down(16)
    pen.text(pen.margin, meter.label, pen.room)
    pen.down(10)
    pen.box(pen.margin, pen.room, 10, role="rule", radius=5)
    part = min(1.0, max(0.0, float(meter.part)))
    if part > 0:
        pen.box(pen.margin, max(10, pen.room * part), 10, role="accent", radius=5)
    pen.down(12)
    for line in wrapped(clean(meter.text), pen.room, 12):
        pen.down(16)
        pen.text(pen.margin, line, pen.room, role="quiet", size=12, way="own")
    pen.down(4)


def draw_chart(pen: Pen, chart: Chart, words: Words, title: str) -> None:
    """Draw a chart under its title and its legend."""
    if clean(chart.title) != clean(title):
        pen.down(16)
        pen.text(pen.margin, chart.title, pen.room, bold=True, way="own")
    if len(chart.series) > 1:
        draw_legend(pen, chart)
    pen.down(8)
    width = round(pen.room)
    tree = drawing(chart, words, width, round(min(HIGH, max(LOW, width * PROPORTION))))
    high = float(tree[1]["viewBox"].split()[3])
    tree[1] |= {"x": number(pen.margin), "y": number(pen.y), "width": number(width), "height": number(high)}
    tree[1] |= pen.paint("quiet", "color")
    for child in tree[2]:
        colour(pen, child)
    pen.drawn.append(tree)
    pen.down(high)
    if note := left_out(chart, words):
        draw_note(pen, note)


def draw_legend(pen: Pen, chart: Chart) -> None:
    """Draw the names of the series beside their colours, in as many lines as they need."""
    at, ends = float(pen.margin), pen.margin + pen.room
    pen.down(19)
    for place, series in enumerate(chart.series):
        wide = min(extent(clean(series.label), 12), pen.room - 16)
        if at > pen.margin and at + 16 + wide > ends:
            at = pen.margin
            pen.down(18)
        pen.down(-9)
        pen.box(at, 10, 10, role=f"series-{place % 4}", radius=2)
        pen.down(9)
        pen.text(at + 16, series.label, wide, role="quiet", size=12, way="own")
        at += 16 + wide + 18


def colour(pen: Pen, tree: Tree | str) -> None:
    """Give the series of a drawing their colours."""
    if isinstance(tree, str):
        return
    _, attributes, children = tree
    names = attributes.get("class", "").split()
    number_of = next((each.removeprefix("oc-series-") for each in names if each.startswith("oc-series-")), None)
    if number_of:
        attributes |= pen.paint(f"series-{int(number_of) % 4}", "color")
    elif "oc-loss" in names:
        attributes |= pen.paint("bad", "color")
    for child in children:
        colour(pen, child)


def draw_articles(pen: Pen, articles: Articles, words: Words) -> None:
    """Draw the newest articles, each with its day."""
    for place, article in enumerate(articles.items[:MOST_ARTICLES]):
        if place:
            pen.down(10)
            pen.rule()
        draw_article(pen, article)
    said = words.gettext("The picture shows %(shown)s of %(all)s articles.")
    count_shown(pen, MOST_ARTICLES, len(articles.items), said)


def draw_article(pen: Pen, article: Article) -> None:
    """Draw an article: its title, when it was written, and how it begins."""
    pen.down(2)
    for line in wrapped(clean(article.title), pen.room, 15.5):
        pen.down(18)
        pen.text(pen.margin, line, pen.room, bold=True)
    pen.down(16)
    pen.text(pen.margin, article.at_text, pen.room, role="quiet", size=12, way="own")
    for line in wrapped(clean(article.summary), pen.room, 13):
        pen.down(18)
        pen.text(pen.margin, line, pen.room, size=13)


def draw_empty(pen: Pen, empty: Empty) -> None:
    """Say that there is nothing."""
    say(pen, empty.text, empty.hint)


def say(pen: Pen, text: str, hint: str | None) -> None:
    """Say something in a few lines."""
    pen.down(10)
    for line in wrapped(clean(text), pen.room, 15.5, most=3):
        pen.down(20)
        pen.text(pen.margin, line, pen.room, bold=True, way="own")
    for line in wrapped(clean(hint), pen.room, 13, most=5) if hint else ():
        pen.down(19)
        pen.text(pen.margin, line, pen.room, role="quiet", size=13, way="own")
    pen.down(10)
