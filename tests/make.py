"""Plausible things, with what a test cares about said and the rest filled in."""

import itertools
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from opencabinet import access, accounts, trades
from opencabinet.access import Family, keyfile
from opencabinet.accounts import Account
from opencabinet.db import Connection
from opencabinet.kernel.ids import Login, Ticket
from opencabinet.settings import Settings
from opencabinet.trades import ClosedTrade, OpenTrade

NOW = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
LATER = datetime(2100, 1, 1, tzinfo=UTC)
logins = itertools.count(7_000_001)
tickets = itertools.count(900_001)


async def account(conn: Connection, login: int | None = None, **given: Any) -> Account:
    """Keep an account with 1000 USD and nothing traded."""
    usual: dict[str, Any] = {
        "login": Login(login or next(logins)),
        "name": "Ann Example",
        "company": "Example Markets",
        "currency": "USD",
        "leverage": 100,
        "platform": "mt4",
        "mode": None,
        "balance": Decimal(1000),
        "credit": Decimal(0),
        "equity": Decimal(1000),
        "margin": Decimal(0),
        "floating": Decimal(0),
        "as_of": NOW,
        "as_of_offset": 120,
        "complete": True,
    }
    made = Account(**usual | given)
    await accounts.save(conn, made)
    return made


SHARED: dict[str, Any] = {
    "symbol": "EURUSD",
    "side": "buy",
    "lots": Decimal("0.5"),
    "contract_size": None,
    "digits": 5,
    "opened_at": NOW - timedelta(hours=5),
    "opened_offset": 120,
    "open_price": Decimal("1.10210"),
    "stop_loss": None,
    "take_profit": None,
    "commission": Decimal(0),
    "fee": Decimal(0),
    "swap": Decimal("-1.20"),
    "profit": Decimal("65.00"),
    "comment": "",
}


async def closed_trade(conn: Connection, login: Login, **given: Any) -> ClosedTrade:
    """Keep a closed trade."""
    ticket = Ticket(next(tickets))
    closing = {"closed_at": NOW - timedelta(hours=1), "closed_offset": 120, "close_price": Decimal("1.10340")}
    made = ClosedTrade(**SHARED | closing | {"login": login, "ticket": ticket, "position": ticket} | given)
    await trades.save_closed(conn, [made])
    return made


async def open_trade(conn: Connection, login: Login, **given: Any) -> OpenTrade:
    """Keep an open trade."""
    made = OpenTrade(**SHARED | {"login": login, "position": next(tickets), "current_price": Decimal("1.1051")} | given)
    await trades.save_open(conn, [made])
    return made


async def password(conn: Connection, login: Login, settings: Settings) -> str:
    """Give an account an API password."""
    return await access.set_password(conn, login, pepper=keyfile.load(settings.folder).pepper)


CHOSEN = "four meadows under a slow copper moon"


async def chosen(conn: Connection, login: Login, settings: Settings) -> str:
    """Let an owner choose the API password of an account."""
    hasher = access.Hasher(keyfile.load(settings.folder).passwords)
    await access.choose_password(conn, login, CHOSEN, hasher=hasher)
    hasher.close()
    return CHOSEN


async def token(conn: Connection, login: Login, settings: Settings, family: Family = Family.CLIENT) -> str:
    """Give an account a token."""
    pepper = keyfile.load(settings.folder).pepper
    secret = await access.set_password(conn, login, pepper=pepper)
    lifetime = timedelta(hours=1)
    return await access.issue(conn, pepper=pepper, login=login, password=secret, family=family, lifetime=lifetime)
