"""An HTML file as rows of cells."""

import re
from collections import Counter
from collections.abc import Iterator
from typing import Final

from selectolax.lexbor import LexborHTMLParser, LexborNode

from opencabinet.ingest.cells import MOST_CELLS, Cell, Row, bounded, shown
from opencabinet.ingest.model import Unreadable

NO_MARKUP: Final = re.compile(r"<!--.*?(?:-->|\Z)|<(script|style)\b.*?(?:</\1|\Z)", re.DOTALL | re.IGNORECASE)
"""What the parser takes for text, tags in it among the rest."""
TAG: Final = re.compile(r"<(/?)([a-z][a-z0-9]*)")
DEEPEST: Final = 100
"""Elements may stand in each other so deep; the parser takes quadratic time over depth."""

# Elements that have no end, or that the next of their kind ends.
UNENDED: Final = re.compile(
    "area|base|br|col|colgroup|dd|dt|embed|hr|img|input|li|link|meta|option|p|source|tbody|td|tfoot|th|thead|tr|wbr"
)
WIDEST: Final = 100
"""A cell that says it spans more columns than these spans these."""


def rows(text: str) -> tuple[Row, ...]:
    """Return the rows of every table in `text`, numbered as its <tr> stand.

    Raises:
        Unreadable: for a file that ends before its tables do, or that would take too long to read.
    """
    guard(text.lower())
    elements = LexborHTMLParser(text).css("tr")
    return tuple(bounded(Row(number, tuple(cells(element))) for number, element in enumerate(elements, 1)))


def guard(text: str) -> None:
    """Refuse what is cut off or excessive, in linear time, before the parser sees it."""
    if text.count("<") > 8 * MOST_CELLS or text.count("<td") + text.count("<th") >= 2 * MOST_CELLS:
        raise Unreadable("The file holds too many elements.")
    if text.count("<table") != text.count("</table") or text.rfind("</html") < text.rfind("<t"):
        raise Unreadable("The file ends before its table does; save or send it again.")
    inside: Counter[str] = Counter()
    depth = 0
    for end, name in TAG.findall(NO_MARKUP.sub("", text)):
        if UNENDED.fullmatch(name) or (end and not inside[name]):
            continue
        step = -1 if end else 1
        inside[name] += step
        depth += step
        if depth > DEEPEST:
            raise Unreadable(f"The file's elements stand more than {DEEPEST} deep in each other.")


def cells(row: LexborNode) -> Iterator[Cell]:
    """Give the cells of a <tr>, without those of a table inside."""
    for element in row.iter():
        if element.tag in {"td", "th"}:
            attributes = element.attributes
            yield Cell(
                shown(element.text()),
                shown(attributes.get("title") or ""),
                span(attributes.get("colspan") or ""),
                "hidden" in (attributes.get("class") or "").split(),
            )


def span(text: str) -> int:
    """Return how many columns a `colspan` says, as a browser reads it: one where it says nothing sensible."""
    return max(1, min(WIDEST, int(text))) if re.fullmatch(r"[0-9]{1,4}", text, re.ASCII) else 1
