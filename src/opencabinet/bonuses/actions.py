"""Counting how far an account is with its bonuses."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Final

from opencabinet import accounts, market
from opencabinet.bonuses import store
from opencabinet.bonuses.history import History
from opencabinet.bonuses.model import Grant, Programme
from opencabinet.bonuses.overview import Progress
from opencabinet.bonuses.standing import Standing, based, standing, weighed
from opencabinet.db import Connection
from opencabinet.kernel.ids import Granted
from opencabinet.kernel.period import EVER, Period
from opencabinet.trades.lots import Lots, closed_lots

MOST_SYMBOLS: Final = 10_000


async def progress(conn: Connection, login: Granted, now: datetime) -> Progress:
    """Return the bonuses of an account and how far each programme is at the time `now`.

    Closed lots come from their roll-ups, so a long history costs no more than a short one; only a programme that asks
    how long trades were held reads the trades themselves.
    """
    account = await accounts.existing(conn, login)
    programmes = await store.programmes(conn)
    history = History(programmes, account.currency)
    history.tell(await store.movements(conn, login))
    grants = list(history.grants.values())
    given = {grant.programme for grant in grants}
    return Progress(
        account=account,
        now=now,
        programmes={each.name: each for each in programmes},
        grants=grants,
        endings=history.endings,
        standings=[
            await counted(conn, login, each, grants, account.currency, now) for each in programmes if each.name in given
        ],
        deposited=await store.deposited(conn, login),
    )


async def counted(
    conn: Connection, login: Granted, programme: Programme, grants: Sequence[Grant], currency: str, now: datetime
) -> Standing:
    """Return how far an account is under a programme."""
    since = min(start(programme, grants), now)
    period = Period(since, now)
    before = await closed_lots(conn, login, Period(EVER.since, since), limit=MOST_SYMBOLS)
    after = await closed_lots(conn, login, period, limit=MOST_SYMBOLS)
    least = programme.least_seconds
    short = await store.held_short(conn, login, period, least) if least else []
    sizes = await known_sizes(conn, login, [*before, *after])
    return standing(programme, grants, currency, since, list(weighed(programme, before, after, short, sizes)))


def start(programme: Programme, grants: Sequence[Grant]) -> datetime:
    """Return since when closed lots count."""
    if programme.counts_from == "ever":
        return EVER.since
    times = [grant.granted_at for grant in based(programme, grants)]
    return min(times) if programme.counts_from == "first_bonus" else max(times)


async def known_sizes(conn: Connection, login: Granted, rows: Sequence[Lots]) -> dict[str, Decimal]:
    """Return the contract sizes that the market knows of symbols whose trades tell none."""
    untold = sorted({str(row.symbol) for row in rows if row.contract_size is None})
    server = await store.server(conn, login) if untold else None
    known = await market.instruments(conn, server, untold) if server else {}
    return {symbol: each.contract_size for symbol, each in known.items() if each.contract_size is not None}
