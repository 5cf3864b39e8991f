"""Charts: drawn by pygal, once for pages, frames, scripts and images.

A drawing is a tree, `[tag, {attributes}, [children]]`, whose colours are `currentColor` until a style says better.
"""

from typing import Final

from opencabinet.doors.showing.charts.plotting import left_out, plotted
from opencabinet.doors.showing.charts.taming import Tree, tamed
from opencabinet.doors.showing.lettering import clean
from opencabinet.doors.showing.model import Chart
from opencabinet.doors.wording import Words

__all__ = ["NARROW", "WIDE", "Tree", "drawing", "figure", "left_out"]

NARROW, WIDE = (320, 210), (720, 300)
"""The two drawings of a page, of which its style shows the one that fits: letters stay readable in both."""
SIZES: Final = {"oc-narrow": NARROW, "oc-wide": WIDE}


def drawing(chart: Chart, words: Words, width: int, height: int, *, name: str = "") -> Tree:
    """Return a chart as an SVG element of a size, which `viewBox` tells."""
    drawn = plotted(chart, width, height, words)
    box = drawn.attrib["viewBox"]
    attributes = {
        "class": f"oc-drawing oc-of-{chart.kind} {name}".strip(),
        "viewBox": box,
        "role": "img",
        "aria-label": clean(chart.title),
        "direction": "ltr",
    }
    return ["svg", attributes, [["title", {}, [clean(chart.title)]], described(chart), *tamed(drawn, words.direction)]]


def described(chart: Chart) -> Tree:
    """Return what a drawing shows, in words: where each series ends."""
    ends = [(each.label, each.points[-1].text) for each in chart.series if each.points]
    return ["desc", {}, ["; ".join(f"{clean(label)}: {clean(text)}" for label, text in ends)]]


def figure(chart: Chart, words: Words, data: Tree | None = None) -> Tree:
    """Return a chart for a page: its title, its legend, its two drawings, and its data for who cannot see them."""
    drawings = [drawing(chart, words, *size, name=name) for name, size in SIZES.items()]
    table = [["details", {"class": "oc-data"}, [["summary", {}, [words.gettext("As a table")]], data]]] if data else []
    note = [["p", {"class": "oc-note"}, [said]] for said in (left_out(chart, words),) if said]
    inside = [["figcaption", {}, [clean(chart.title)]], *legend(chart), *drawings, *note, *table]
    return ["figure", {"class": "oc-chart"}, inside]


def legend(chart: Chart) -> list[Tree]:
    """Return the names of the series beside their colours, if there is more than one."""
    if len(chart.series) < 2:  # noqa: PLR2004  # one needs no name
        return []
    items = [
        ["li", {"class": f"oc-series oc-series-{place}"}, [["span", {"class": "oc-name"}, [clean(each.label)]]]]
        for place, each in enumerate(chart.series)
    ]
    return [["ul", {"class": "oc-legend", "role": "list"}, items]]
