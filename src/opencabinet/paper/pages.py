"""Pages in HTML: laid out once with holes in them, which rows fill as they come."""

import asyncio
import re
import secrets
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from typing import Any, Final

from jinja2 import Environment, PackageLoader, StrictUndefined, Template
from markupsafe import Markup, escape
from msgspec import Struct

from opencabinet.paper.model import Document, Rows, Table, shown


class Hole(Struct, frozen=True):
    """A place on a page where rows go."""

    name: str


def environment(package: str) -> Environment:
    """Return the templates of a package; whatever is put into them is escaped, and has to be given."""
    return Environment(
        loader=PackageLoader(package),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )


PAGES: Final = environment("opencabinet.paper")


def laid_out(template: Template, **given: Any) -> list[str | Hole]:
    """Return a page in pieces: text, and the holes that its template left with `hole(name)`.

    No text that is put on the page can look like a hole, for holes are marked with what nobody can guess.
    """
    mark = secrets.token_hex(16)
    whole = template.render(hole=lambda name: Markup(f"{mark}<{name}>"), **given)  # noqa: S704 - a name of ours
    parts = re.split(f"{mark}<([a-z0-9_]+)>", whole)
    return [Hole(part) if place % 2 else part for place, part in enumerate(parts)]


async def html(document: Document) -> AsyncGenerator[bytes, None]:
    """Give a document as one page that needs nothing else: no script, no outside network, ready for the printer."""
    tables = {f"table{number}": table for number, table in enumerate(document.tables)}
    for piece in laid_out(PAGES.get_template("document.html"), document=document, tables=tables, shown=shown):
        if isinstance(piece, str):
            yield piece.encode()
        else:
            async with aclosing(filled(tables[piece.name])) as rows:
                async for text in rows:
                    yield text.encode()


async def filled(table: Table) -> AsyncGenerator[str, None]:
    """Give the rows of a table in HTML, batch by batch, each made aside so that nobody has to wait for it."""
    cells = [f'<td class="{column.kind}">' for column in table.columns]
    async with aclosing(table.batches) as batches:
        async for rows in batches:
            yield await asyncio.to_thread(marked_up, cells, rows)


def marked_up(cells: Sequence[str], rows: Rows) -> str:
    """Return rows in HTML; `cells` begin the columns. A template takes twice the time, and rows may be many."""
    return "".join(
        "<tr>"
        + "".join(f"{cell}{escape(shown(value))}</td>" for cell, value in zip(cells, row, strict=True))
        + "</tr>\n"
        for row in rows
    )
