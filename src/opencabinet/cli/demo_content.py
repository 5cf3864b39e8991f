"""What partners of the demonstration show: banners that are drawn here, and some news."""

from datetime import datetime, timedelta
from typing import Final

from opencabinet import content
from opencabinet.content import Category, Theme
from opencabinet.db import Connection

SIZES: Final = ((468, 60), (728, 90), (300, 250), (160, 600))
COLOURS: Final[dict[Theme, tuple[str, str, str]]] = {
    "light": ("#f4f7fb", "#0b5c8a", "#14202b"),
    "dark": ("#14202b", "#7cc4ee", "#f4f7fb"),
}
"""What is behind, the curve, and the words."""
CURVE: Final = (62, 66, 58, 61, 49, 53, 42, 45, 31, 36, 24, 14)
"""How high a curve is from left to right, in percent from above."""
WORKBOOKS: Final = """\
# Statements now come as workbooks

Beside PDF and HTML you can take your statement as a workbook. Every figure in it adds up to your balance, and the last
line *shows how*.
"""
WEEK: Final = """\
# A quiet week ends with a loud Friday

Most pairs kept within half of their usual range until the figures came. Spreads were **twice as wide** for some
minutes.

- EURUSD: 71 points from top to bottom
- GBPUSD: 94 points
"""
GOLD: Final = """\
# Gold: three places to look at

The metal has turned at the same price three times since spring. Whoever trades it this week might look at what it does
there.

> Nothing here is advice: it is an invented text.
"""
NEWS: Final[tuple[tuple[Category, tuple[str, ...], str], ...]] = (
    ("analytics", ("XAUUSD",), GOLD),
    ("news", ("EURUSD", "GBPUSD"), WEEK),
    ("company", (), WORKBOOKS),
)
"""Invented news, the newest first."""


async def show(conn: Connection, now: datetime) -> None:
    """Bring banners in, and tell news unless any was told."""
    for width, height in SIZES:
        for theme in COLOURS:
            picture, _ = content.judged(drawn(width, height, theme))
            await content.add_banner(conn, picture, title="Trade with OpenCabinet", theme=theme, language="en")
    if await content.everything(conn, below=2**63 - 1, limit=1):
        return
    for days, (category, symbols, text) in enumerate(NEWS, 1):
        wanted = content.drafted(
            text.encode(),
            markdown=True,
            language="en",
            category=category,
            symbols=symbols,
            published_at=now - timedelta(days=days),
        )
        await content.add_news(conn, wanted)


def drawn(width: int, height: int, theme: Theme) -> bytes:
    """Draw a banner: a curve that goes up, and the words."""
    behind, line, words = COLOURS[theme]
    step = width / (len(CURVE) - 1)
    points = " ".join(f"{place * step:.0f},{height * part / 100:.0f}" for place, part in enumerate(CURVE))
    size = min(height // 3, width // 16)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}">'
        f'<rect width="{width}" height="{height}" fill="{behind}"/>'
        f'<polyline points="{points}" fill="none" stroke="{line}" stroke-width="2" stroke-opacity=".6"/>'
        f'<text x="{width // 20}" y="{height * 9 // 10}" font-family="sans-serif" font-size="{size}" '
        f'font-weight="bold" fill="{words}">Every figure explained</text></svg>'
    ).encode()
