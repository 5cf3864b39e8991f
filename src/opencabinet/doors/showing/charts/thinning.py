"""Fewer points that draw the same line: the first, lowest, highest and last of each column of the drawing."""

from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise

Place = tuple[float, float | None]
"""A point of a line: when, and how much; None where nobody told it."""


def thinned(points: Sequence[Place], columns: int) -> list[Place]:
    """Return the points that draw a line in so many columns: no high and no low is left out, and no gap closed."""
    if len(points) <= 4 * columns:
        return list(points)
    first, last = points[0][0], points[-1][0]
    per_column = (last - first) / columns or 1
    grouped = groupby(points, lambda point: (int((point[0] - first) / per_column), point[1] is None))
    return [point for (_, unknown), column in grouped for point in chosen([*column], unknown=unknown)]


def chosen(column: Sequence[Place], *, unknown: bool) -> Iterator[Place]:
    """Give the points of a column that matter, in their order."""
    if unknown:
        yield column[0]
        return
    places = range(len(column))
    height = [value or 0 for _, value in column]
    kept = {0, min(places, key=height.__getitem__), max(places, key=height.__getitem__), len(column) - 1}
    yield from (column[place] for place in sorted(kept))


def stepped(points: Sequence[Place]) -> list[Place]:
    """Return the points of a line that holds until its next point."""
    held = list(points[:1])
    for (_, before), (at, value) in pairwise(points):
        held += [(at, before), (at, value)] if before is not None and value is not None else [(at, value)]
    return held
