"""What was brought in: how feeds stand, which accounts do not add up, and the receipt of each."""

from typing import Final

from litestar import Response

from opencabinet import accounts, balances
from opencabinet.access import Duty
from opencabinet.db import Connection, outbox
from opencabinet.db.outbox import Event
from opencabinet.doors.cabinet.operator import places
from opencabinet.doors.cabinet.operator.desk import Desk
from opencabinet.doors.cabinet.operator.handlers import look
from opencabinet.doors.cabinet.operator.together import together
from opencabinet.ingest.feeds.standing import standing
from opencabinet.kernel.ids import Login
from opencabinet.kernel.period import EVER

LAST: Final = 100
"""So many of an account's last events are shown."""


@look("/imports", need=Duty.IMPORTS)
async def show_imports(desk: Desk) -> Response[bytes]:
    """Show how feeds stand, and which accounts the rows we hold do not explain."""
    after = places.after(desk.asked("after"))
    feeds, found = await together(
        desk.ask(standing), desk.ask(lambda conn: accounts.unexplained(conn, after, places.LIMIT + 1))
    )
    rows = found[: places.LIMIT]
    more = rows[-1].login if len(found) > places.LIMIT else ""
    return desk.page("imports.html", feeds=feeds, now=desk.visit.now, rows=rows, more=more)


@look("/imports/{login}", need=Duty.IMPORTS)
async def show_receipt(desk: Desk) -> Response[bytes]:
    """Show the receipt of an account: what was brought in of it, and whether that adds up."""
    login = desk.login
    account = await desk.ask(lambda conn: accounts.existing(conn, login))
    _, home = await together(desk.look(login), desk.ask(lambda conn: accounts.home(conn, login)))
    return desk.page("receipt.html", login=login, account=account, home_of=home)


@look("/imports/{login}/rows", need=Duty.IMPORTS)
async def show_rows(desk: Desk) -> Response[bytes]:
    """Show what was brought in of an account, and what it comes to, as a part of its page."""
    login = desk.login
    account = await desk.ask(lambda conn: accounts.existing(conn, login))
    granted = desk.granted(login)
    _, receipt, events = await together(
        desk.look(login),
        desk.ask(lambda conn: balances.between(conn, granted, EVER)),
        desk.ask(lambda conn: lately(conn, login)),
    )
    template = "rows.html" if desk.visit.partial else "rows_page.html"
    return desk.page(template, login=login, account=account, receipt=receipt, events=events)


async def lately(conn: Connection, login: Login) -> list[Event]:
    """Return what happened to an account lately, the newest first."""
    last = await outbox.last(conn, login)
    return (await outbox.since(conn, login, max(last - LAST, 0), LAST))[::-1]
