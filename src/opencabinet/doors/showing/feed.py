"""What is shown as an Atom feed (RFC 4287): news and closed trades, entry by entry."""

from collections.abc import Iterator
from typing import Final
from xml.etree.ElementTree import Element, SubElement, tostring

from msgspec import Struct

from opencabinet.doors.showing.model import Articles, Column, Row, Shown, Table
from opencabinet.doors.showing.text import honest

ATOM: Final = "http://www.w3.org/2005/Atom"
NEVER: Final = "2000-01-01T00:00:00.000Z"
"""When an empty feed was changed last."""


class Entry(Struct, frozen=True, kw_only=True):
    """An entry of a feed."""

    key: str
    title: str
    text: str
    at: str
    link: str | None = None


def atom(shown: Shown, host: str, own: str, *, base: str = "") -> bytes:
    """Return a feed of what is shown; `host` names its entries for ever, `own` is the address of the feed."""
    root = Element("feed", {"xmlns": ATOM, "xml:lang": shown.language})
    name = f"tag:{host},2000-01-01:w/{shown.widget}" + (f"/{shown.login}" if shown.login else "")
    found = list(entries(shown))
    told(root, id=name, title=f"{shown.title} {shown.login or ''}".strip())
    told(root, updated=shown.honesty.as_of or max((each.at for each in found), default=NEVER))
    SubElement(root, "link", {"href": own, "rel": "self", "type": "application/atom+xml"})
    told(SubElement(root, "author"), name=host)
    told(root, subtitle=" ".join(honest(shown.honesty, shown.language)))
    for each in found:
        write(root, each, name, base)
    written: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return written


def write(root: Element, entry: Entry, name: str, base: str) -> None:
    """Write an entry."""
    item = SubElement(root, "entry")
    told(item, id=f"{name}/{entry.key}", title=entry.title, updated=entry.at, content=entry.text)
    if entry.link:
        SubElement(item, "link", {"href": f"{base}{entry.link}", "rel": "alternate", "type": "text/html"})


def entries(shown: Shown) -> Iterator[Entry]:
    """Give what is news of what is shown."""
    for each in shown.blocks:
        if isinstance(each, Articles):
            for item in each.items:
                yield Entry(key=item.id, title=item.title, text=item.summary, at=item.at, link=item.link)
        if isinstance(each, Table):
            yield from (of_row(each.columns, row, shown) for row in each.rows)


def of_row(columns: tuple[Column, ...], row: Row, shown: Shown) -> Entry:
    """Return a row as an entry: its words are its title, all of it its text."""
    pairs = list(zip(columns, row.cells, strict=True))
    title = " ".join(cell.text for column, cell in pairs if column.kind == "text" or column.name in {"lots", "net"})
    lines = "\n".join(f"{column.label}: {cell.text}" for column, cell in pairs)
    return Entry(key=row.key, title=title or row.key, text=lines, at=row.at or shown.honesty.as_of or NEVER)


def told(parent: Element, **members: str) -> None:
    """Write members of an element."""
    for name, value in members.items():
        SubElement(parent, name).text = value
