"""Images and charts, looked at as machines can."""

import io
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from xml.parsers import expat  # what is parsed is ours

from PIL import Image

from opencabinet.doors.showing.model import Chart, Point, Series, Table

ISOLATES = dict.fromkeys(map(ord, "\u2066\u2067\u2068\u2069"))
NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
NOTHING = Table(name="t", caption="t", columns=(), rows=())
BEGINS = datetime(2026, 1, 1, tzinfo=UTC)


def elements(svg: str) -> list[tuple[str, dict[str, str], str]]:
    """Return the elements of an image by strict rules: their tags, attributes and texts."""
    found: list[tuple[str, dict[str, str], list[str]]] = []
    opened: list[int] = []
    parser = expat.ParserCreate()

    def start(tag: str, attributes: dict[str, str]) -> None:
        opened.append(len(found))
        found.append((tag, attributes, []))

    def end(_tag: str) -> None:
        opened.pop()

    def letters(text: str) -> None:
        found[opened[-1]][2].append(text)

    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = start, end, letters
    parser.Parse(svg, True)  # noqa: FBT003  # it is the whole
    return [(tag, attributes, "".join(texts)) for tag, attributes, texts in found]


def texts(svg: str) -> list[str]:
    """Return the texts that people read in an image."""
    return [text.translate(ISOLATES).replace("\u00a0", " ") for tag, _, text in elements(svg) if tag == "text"]


def nodes(tree: Any) -> Iterator[list[Any]]:
    """Give the elements of a tree."""
    if not isinstance(tree, str):
        yield tree
        for child in tree[2]:
            yield from nodes(child)


def named(tree: Any, name: str) -> list[list[Any]]:
    """Return the elements of a class."""
    return [each for each in nodes(tree) if name in each[1].get("class", "").split()]


def corners(path: str) -> list[tuple[float, float]]:
    """Return the points of a path."""
    numbers = [float(each) for each in NUMBER.findall(path)]
    return list(zip(numbers[::2], numbers[1::2], strict=True))


def line(*values: object, kind: Any = "line", unit: str = "USD", hours: int = 24) -> Chart:
    """Return a chart of one line whose points are so many hours apart."""
    return chart(
        [(BEGINS + timedelta(hours=hours * place)).isoformat() for place in range(len(values))], values, kind, unit
    )


def bars(**values: object) -> Chart:
    """Return a chart of bars with names."""
    return chart(list(values), tuple(values.values()), "bars", "USD")


def chart(names: list[str], values: tuple[object, ...], kind: Any, unit: str) -> Chart:
    """Return a chart of one series."""
    told = [None if each is None else str(each) for each in values]
    points = tuple(Point(at=at, value=value, text=f"{value} {unit}") for at, value in zip(names, told, strict=True))
    series = Series(name="series", label="Series", points=points)
    return Chart(name="chart", title="Chart", series=(series,), kind=kind, unit=unit, table=NOTHING)


def pixels(png: bytes) -> Image.Image:
    """Return an image as a browser would decode it."""
    return Image.open(io.BytesIO(png)).convert("RGBA")
