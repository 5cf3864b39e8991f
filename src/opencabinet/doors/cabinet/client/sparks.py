"""A small line without axes: which way a balance went."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from markupsafe import Markup

from opencabinet.doors.showing.html import written

WIDTH, HEIGHT, EDGE = 240, 48, 3
FEWEST: Final = 2


def line(values: Sequence[Decimal], label: str) -> Markup:
    """Return values as a line, nothing where there are too few."""
    if len(values) < FEWEST:
        return Markup()
    points = " ".join(f"{x:.1f},{y:.1f}" for x, y in places(values))
    about = {"class": "spark", "viewBox": f"0 0 {WIDTH} {HEIGHT}", "role": "img", "aria-label": label}
    drawn = ["polyline", {"points": points, "class": "spark-line"}, []]
    return Markup(written(["svg", about | {"preserveAspectRatio": "none"}, [drawn]]))  # noqa: S704 - it was escaped


def places(values: Sequence[Decimal]) -> list[tuple[float, float]]:
    """Return where values are drawn."""
    low, high = min(values), max(values)
    tall = float(high - low) or 1.0
    wide = (WIDTH - 2 * EDGE) / (len(values) - 1)
    return [
        (EDGE + place * wide, HEIGHT - EDGE - float(value - low) / tall * (HEIGHT - 2 * EDGE))
        for place, value in enumerate(values)
    ]
