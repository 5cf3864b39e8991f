"""Live figures, as far as a caller sees them: who sees an account with a delay sees nothing that is of now."""

from typing import Any

from litestar.connection import ASGIConnection

from opencabinet import accounts, market, trades, valuations
from opencabinet.accounts import Account
from opencabinet.db import Connection
from opencabinet.doors import lending, turn
from opencabinet.doors.view import View
from opencabinet.kernel.ids import Granted
from opencabinet.trades import OpenTrade, Wanted
from opencabinet.valuations import Opened, Priced, Reading, Valued


async def valued(conn: Connection, login: Granted, view: View) -> Valued:
    """Return what an account is worth now, by one statement, or what it is said to be where a moment ago is seen.

    Raises:
        NoSuchAccount: if there is none.
    """
    if view.until is None:
        return await valuations.valued(conn, login)
    account = await view.account(conn, login)
    return Valued(
        account=account,
        floating=account.floating,
        equity=account.worth,
        margin=account.used_margin,
        priced_at=account.as_of,
    )


async def valued_now(connection: ASGIConnection[Any, Any, Any, Any], login: Granted, view: View) -> Valued:
    """Return what `valued` does, read together with what others ask.

    Raises:
        NoSuchAccount: if there is none.
    """
    await turn.give_way(connection)
    if view.until is None:
        return await reading(connection).valued(login)
    async with lending.borrowed(connection) as conn:
        return await valued(conn, login, view)


async def opened_now(
    connection: ASGIConnection[Any, Any, Any, Any], login: Granted, wanted: Wanted, view: View
) -> Opened:
    """Return what `opened` does, read together with what others ask.

    Raises:
        NoSuchAccount: if there is none.
    """
    await turn.give_way(connection)
    if view.until is None:
        return await reading(connection).opened(login, view.wanted(wanted))
    async with lending.borrowed(connection) as conn:
        return await opened(conn, login, wanted, view)


def reading(connection: ASGIConnection[Any, Any, Any, Any]) -> Reading:
    """Return what reads accounts for all who ask."""
    found: Reading = connection.app.state.accounts_now
    return found


async def opened(conn: Connection, login: Granted, wanted: Wanted, view: View) -> Opened:
    """Return the open trades that are wanted, as far as they are seen; those of now by one statement.

    Raises:
        NoSuchAccount: if there is none.
    """
    if view.until is None:
        return await valuations.opened(conn, login, view.wanted(wanted))
    async with conn.snapshot():
        account = await view.account(conn, login)
        page = await trades.opened(conn, login, view.wanted(wanted))
        home = await accounts.home(conn, login)
        symbols = sorted({trade.symbol for trade in page.rows})
        known = await market.instruments(conn, home.server, symbols) if home else {}
    rows = [as_it_was(row, account) for row in page.rows]
    return Opened(account=account, trades=rows, next=page.next, instruments=known)


def as_it_was(row: OpenTrade, account: Account) -> Priced:
    """Return an open trade of a moment that has passed."""
    return Priced(trade=row, priced_at=account.as_of, live=False, margin=None)
