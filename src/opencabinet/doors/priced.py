"""Live figures, as far as a caller sees them: who sees an account with a delay sees nothing that is of now."""

from collections.abc import Sequence

from opencabinet import trades, valuations
from opencabinet.accounts import Account
from opencabinet.db import Connection
from opencabinet.doors.view import View
from opencabinet.kernel.ids import Granted
from opencabinet.trades import OpenTrade, Wanted
from opencabinet.valuations import Priced, Valued


async def priced(conn: Connection, account: Account, rows: Sequence[OpenTrade], view: View) -> list[Priced]:
    """Return open trades of an account with their current prices, or as they are where a moment ago is seen."""
    if view.until is not None:
        return [Priced(trade=row, priced_at=account.as_of, live=False, margin=None) for row in rows]
    return await valuations.priced(conn, account, rows)


async def valued(conn: Connection, account: Account, view: View) -> Valued:
    """Return what an account is worth now, or what it is said to be where a moment ago is seen."""
    if view.until is not None:
        return Valued(
            account=account,
            floating=account.floating,
            equity=account.worth,
            margin=account.used_margin,
            priced_at=account.as_of,
        )
    return await valuations.live(conn, account)


async def open_now(conn: Connection, login: Granted, account: Account, wanted: Wanted, view: View) -> list[OpenTrade]:
    """Return the open trades that are wanted, as far as they are seen, with their current prices and profits.

    An account is read before its trades, here and everywhere: whoever locks several tables meets readers in one order.
    """
    page = await trades.opened(conn, login, view.wanted(wanted))
    return [each.trade for each in await priced(conn, account, page.rows, view)]
