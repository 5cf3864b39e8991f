"""Charts by pygal: how they are set up, and what they are given to draw."""

import re
from collections.abc import Callable, Sequence
from math import ceil
from typing import Any, Final
from xml.etree.ElementTree import Element

from opencabinet.doors.showing.charts.library import XY, Bar, HorizontalBar, Style
from opencabinet.doors.showing.charts.scales import LABEL_SIZE, figure, moment, times, written
from opencabinet.doors.showing.charts.thinning import Place, stepped, thinned
from opencabinet.doors.showing.lettering import clean, extent, shortened
from opencabinet.doors.showing.model import Chart, Point, Series
from opencabinet.doors.wording import Words

SIZES: Final = Style(label_font_size=LABEL_SIZE, major_label_font_size=LABEL_SIZE, no_data_font_size=14)
PER_COLUMN: Final = 2
"""How wide a column is in which only the outermost points are drawn."""
MARGIN: Final = 8
SCALE: Final = 8
"""How many lines across there are at most."""
DOT: Final = 4
AXIS: Final = 64
"""What the figures beside a drawing take of its width, about."""
BAR_HEIGHT: Final = 26
MOST_BARS: Final = 24
THINNEST: Final = 5
"""How wide a bar and its gap are at least."""
DAY: Final = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
LONGEST_NAME: Final = 110
GAP: Final = 4
BESIDE_BARS: Final = 60
"""What stands above and below lying bars."""


def plotted(chart: Chart, width: int, height: int, words: Words) -> Element:
    """Return a chart as pygal draws it; more days than there is room for bars become a line."""
    if chart.kind != "bars" or too_many_days(chart, width):
        return lines(chart, width, height, words)
    return bars(chart, width, height, words)


def too_many_days(chart: Chart, width: int) -> bool:
    """Whether bars are days, and would be too thin."""
    days = chart.series[0].points if chart.series else ()
    return len(days) > (width - AXIS) // THINNEST and all(DAY.fullmatch(point.at) for point in days)


def left_out(chart: Chart, words: Words) -> str | None:
    """Say how many bars are not drawn, None if all are."""
    count = max((len(each.points) for each in chart.series), default=0)
    if chart.kind != "bars" or count <= MOST_BARS or too_many_days(chart, 0):
        return None
    said = words.gettext("The first %(drawn)s of %(all)s are drawn; the table has all.")
    return said % {"drawn": MOST_BARS, "all": count}


def settings(chart: Chart, width: int, height: int, words: Words) -> dict[str, Any]:
    """Return what all kinds of charts have in common: no title, no legend and no script of pygal's own."""
    known = any(point.value is not None for series in chart.series for point in series.points)
    return {
        "width": width,
        "height": height,
        "margin": MARGIN,
        "style": SIZES,
        "js": (),
        "css": (),
        "no_prefix": True,
        "show_legend": False,
        "show_x_labels": known,
        "show_y_labels": known,
        "truncate_label": -1,
        "max_scale": SCALE,
        "no_data_text": words.gettext("No data"),
        "value_formatter": lambda value: figure(value, chart.unit, words),
    }


def lines(chart: Chart, width: int, height: int, words: Words) -> Element:
    """Draw lines over time; the area below is filled where there is one line without gaps."""
    drawn = [places(series, (width - AXIS) // PER_COLUMN, step=chart.kind == "step") for series in chart.series]
    known = [at for each in drawn for at, value in each if value is not None]
    whole = len(drawn) == 1 and len(known) == len(drawn[0])
    graph = XY(**settings(chart, width, height, words), **over_time(known, width - AXIS, words))
    graph.include_x_axis = chart.kind == "bars"
    graph.allow_interruptions = not whole
    for series, each in zip(chart.series, drawn, strict=True):
        graph.add(clean(series.label), each, show_dots=len(each) == 1, fill=whole)
    tree: Element = graph.render_tree()
    return tree


def over_time(known: Sequence[float], room: float, words: Words) -> dict[str, Any]:
    """Return how time is told below lines, if there is anything to be told."""
    if not known:
        return {}
    first, last = min(known), max(known)
    named = times(first, last, room, words)
    return {
        "x_labels": [{"value": at, "label": label} for at, label in named],
        "xrange": (first, last) if first < last else (first - 1, last + 1),
        "margin_right": max(MARGIN, extent(named[-1][1], LABEL_SIZE) / 2),
        "dots_size": DOT,
    }


def places(series: Series, columns: int, *, step: bool) -> list[Place]:
    """Return the points of a line, in their order and no more than can be seen."""
    told = [(moment(point.at), height_of(point)) for point in series.points]
    told.sort(key=lambda place: place[0])
    fewer = thinned(told, columns)
    return stepped(fewer) if step else fewer


def bars(chart: Chart, width: int, height: int, words: Words) -> Element:
    """Draw bars: upright where their names fit below them, else lying, the first on top."""
    most = None if too_many_days(chart, 0) else MOST_BARS
    shown = [series.points[:most] for series in chart.series]
    names = [called(point.at, words) for point in shown[0]] if shown else []
    every = spread(names, (width - AXIS) / max(1, len(names)))
    turned = 1 if every and words.direction == "ltr" else -1
    tall = height if every else BAR_HEIGHT * len(names) * len(shown) + BESIDE_BARS
    graph = (Bar if every else HorizontalBar)(**settings(chart, width, tall, words), rounded_bars=2)
    graph.x_labels = names[::turned]
    if every > 1:
        graph.x_labels_major, graph.show_minor_x_labels = names[::turned][::every], False
    for series, points in zip(chart.series, shown, strict=True):
        graph.add(clean(series.label), [bar(point) for point in points][::turned], formatter=told(points[::turned]))
    tree: Element = graph.render_tree()
    return tree


def spread(names: Sequence[str], room: float) -> int:
    """Return that every so many bars have room for their names below them, 0 if too few have.

    Figures, such as hours, may be left out, as their order tells them; names may not.
    """
    widest = max((extent(each, LABEL_SIZE) + GAP for each in names), default=0)
    every = max(1, ceil(widest / room))
    return every if every == 1 or all(each[:1].isdigit() for each in names) else 0


def called(at: str, words: Words) -> str:
    """Return what stands at a bar."""
    if DAY.fullmatch(at):
        return written(moment(at), "d MMM", words)
    return shortened(clean(at), LONGEST_NAME, LABEL_SIZE)


def bar(point: Point) -> dict[str, Any]:
    """Return a bar as pygal takes it."""
    value = height_of(point)
    return {"value": value, "node": {"class": "rect loss" if value is not None and value < 0 else "rect"}}


def told(points: Sequence[Point]) -> Callable[..., str]:
    """Return what tells a bar's figure to whoever points at it."""

    def tell(value: float, index: int) -> str:  # noqa: ARG001  # pygal looks at the names
        return f"{clean(points[index].at)}: {clean(points[index].text)}"

    return tell


def height_of(point: Point) -> float | None:
    """Return how high a point is."""
    return None if point.value is None else float(point.value)
