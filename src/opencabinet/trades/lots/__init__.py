"""Closed lots: what closed within a period, from roll-ups by day, read trade by trade only at its edges."""

from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal
from types import MappingProxyType
from typing import Final

from opencabinet.db import Connection
from opencabinet.kernel.ids import Login
from opencabinet.kernel.period import Period
from opencabinet.trades.lots import store
from opencabinet.trades.lots.model import Grouping, Lots

__all__ = ["Grouping", "Lots", "closed_lots", "unsized"]

NONE_TOLD: Final[Mapping[str, Decimal]] = MappingProxyType({})


async def unsized(conn: Connection, login: Login) -> Sequence[str]:
    """Return the symbols of closed trades that do not tell their contract size."""
    return await store.unsized(conn, login)


async def closed_lots(
    conn: Connection,
    login: Login,
    period: Period,
    by: Grouping = "symbol",
    *,
    symbol: str | None = None,
    without: Collection[str] = (),
    sizes: Mapping[str, Decimal] = NONE_TOLD,
    limit: int | None = None,
) -> Sequence[Lots]:
    """Return what closed within `period`, by contract size and `by` day, month or symbol.

    `symbol` picks one, those `without` are left out. `sizes` tells the contract size of symbols whose trades do not.
    Rows come by group in rising order, at most `limit`.
    """
    return await store.closed(conn, login, period, by, symbol=symbol, without=without, sizes=sizes, limit=limit)
