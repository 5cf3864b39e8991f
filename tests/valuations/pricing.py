"""Instruments, quotes and accounts of one server, to be valued."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from opencabinet import accounts
from opencabinet.accounts import Account, Origin
from opencabinet.db import Connection
from opencabinet.market import Instrument, Quote
from tests import make

LATER = make.NOW + timedelta(minutes=5)


def forex(symbol: str = "EURUSD", **given: Any) -> Instrument:
    """Give a pair of currencies in lots of 100,000, its margin by the leverage."""
    usual: dict[str, Any] = {
        "server": "S",
        "symbol": symbol,
        "digits": 5,
        "contract_size": Decimal(100_000),
        "base_currency": symbol[:3],
        "profit_currency": symbol[3:6],
        "calculation": "forex",
        "told_by": "feed",
    }
    return Instrument(**usual | given)


def quote(symbol: str, bid: str | None, ask: str | None, **given: Any) -> Quote:
    """Give a quote of a feed that is newer than the report."""
    usual: dict[str, Any] = {"server": "S", "symbol": symbol, "quoted_at": LATER, "told_by": "feed"}
    return Quote(**usual | {"bid": bid and Decimal(bid), "ask": ask and Decimal(ask)} | given)


async def account(conn: Connection, **given: Any) -> Account:
    """Keep an account that is on the server."""
    made = await make.account(conn, **given)
    await accounts.add_origin(conn, Origin(server="S", number=made.login, since=make.NOW, login=made.login))
    return made
