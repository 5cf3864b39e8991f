"""One statement in any form: gathered in a snapshot, written as it is read."""

from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import aclosing
from datetime import datetime
from typing import Final

from opencabinet.db import Connection
from opencabinet.kernel.ids import Granted, Login
from opencabinet.kernel.period import EVER, Period
from opencabinet.paper import csv, html, pdf, xlsx
from opencabinet.reports.booked import COLUMNS, booked
from opencabinet.reports.document import document
from opencabinet.reports.gather import gather, outline
from opencabinet.reports.metatrader import metatrader4, metatrader5
from opencabinet.reports.model import Form, Head, Known, Layout, NoSuchLayout, Outline
from opencabinet.reports.rows import Source
from opencabinet.reports.spoken import json

Chunks = AsyncGenerator[bytes, None]

MEDIA: Final[Mapping[Form, str]] = {
    Form.JSON: "application/json",
    Form.CSV: "text/csv",
    Form.HTML: "text/html",
    Form.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Form.PDF: "application/pdf",
}
WRITERS: Final[Mapping[Form, Callable[[Known, Source], Chunks]]] = {
    Form.JSON: json,
    Form.HTML: lambda known, source: html(document(known, source)),
    Form.XLSX: lambda known, source: xlsx(document(known, source, deals=True)),
    Form.PDF: lambda known, source: pdf(document(known, source)),
}
LAYOUTS: Final[Mapping[Layout, Callable[[Known, Source], Chunks]]] = {Layout.MT4: metatrader4, Layout.MT5: metatrader5}


async def statement(
    conn: Connection, login: Granted, period: Period, form: Form, layout: Layout = Layout.NATIVE, *, now: datetime
) -> Chunks:
    """Give the statement of an account over a period, in pieces, from a connection of the reader's own.

    All of it is as of one moment, in memory that does not grow with it. Whatever stands in its way is raised before
    the first piece. A reader who stops early closes the iterator (`aclose`), which ends every cursor and file.

    Raises:
        NoSuchAccount: if there is no such account.
        NoSuchLayout: if the form or the account's platform does not have this layout, or the account no currency.
        TooManyRows: if a workbook or a printed document would be too long.
    """
    source = Source(conn, login, period)
    async with conn.snapshot():
        about = await outline(source, now)
        async with aclosing(await written(about, source, form, layout)) as chunks:
            async for chunk in chunks:
                yield chunk


async def written(about: Outline, source: Source, form: Form, layout: Layout) -> Chunks:
    """Return what gives a form in a layout. CSV begins at once: it tells no sums, so no row is read before.

    Raises:
        NoSuchLayout: as `writer`.
    """
    if form is Form.CSV and layout is Layout.NATIVE:
        return csv(COLUMNS, booked(about, source), bom=True)
    write = writer(about.head, form, layout)
    return write(await gather(source, about), source)


def writer(head: Head, form: Form, layout: Layout) -> Callable[[Known, Source], Chunks]:
    """Return what writes a form in a layout.

    Raises:
        NoSuchLayout: if nothing does, for this account.
    """
    if layout is Layout.NATIVE:
        return WRITERS[form]
    if form is not Form.HTML:
        raise NoSuchLayout(f"The layout {layout} is to be had as html only, not as {form}.")
    if str(layout) != head.platform:
        raise NoSuchLayout(f"The account is of {head.platform}: it has no rows as {layout} prints them.")
    if not head.currency:
        raise NoSuchLayout("The account has no currency, and no statement of MetaTrader can be read without one.")
    return LAYOUTS[layout]


def media_type(form: Form) -> str:
    """Return the media type of a form, without parameters."""
    return MEDIA[form]


def charset(layout: Layout) -> str:
    """Return the encoding of a page: MetaTrader 5 writes another."""
    return "utf-16" if layout is Layout.MT5 else "utf-8"


def file_name(login: Login, period: Period, form: Form) -> str:
    """Return the name under which a statement is kept: the login, and the days of the period where it has ends."""
    since = "" if period.since == EVER.since else f"-from-{period.since:%Y-%m-%d}"
    until = "" if period.until == EVER.until else f"-to-{period.until:%Y-%m-%d}"
    return f"statement-{login}{since}{until}.{form}"
