"""What a trade would bring a partner by their plan: worked out as any other, and kept nowhere."""

from datetime import datetime
from decimal import Decimal
from typing import Final

from msgspec import Struct

from opencabinet import accounts
from opencabinet.db import Connection
from opencabinet.kernel.ids import Login
from opencabinet.kernel.problem import Conflict
from opencabinet.partners import plans, programme
from opencabinet.partners.plans import Rate, Rung, Traded, Version, Working
from opencabinet.partners.programme import NoSuchPartner
from opencabinet.partners.rewards.accruing.directory import DEFAULT
from opencabinet.partners.rewards.rates import NoRate, Rates, Unasked, ask

MOST_RATES: Final = 50
"""Rates that a trade is converted by, at most."""


class NoPlan(Conflict):
    """No plan holds for the partner now, so nothing is paid."""


class Tried(Struct, frozen=True):
    """A trade that was tried, by which version of which plan, and what it would bring."""

    version: Version
    working: Working


async def tried(conn: Connection, login: Login, traded: Traded, level: int, month_lots: Decimal) -> Tried:
    """Return what a trade would bring a partner who is so many levels above the client's own.

    Those below are taken to have the same plan, and nobody to have been given anything before; `month_lots` are what
    was closed in the month until then.

    Raises:
        NoSuchPartner: if the account is none.
        NoPlan: if the partner has none now.
    """
    if await programme.partner(conn, login) is None:
        raise NoSuchPartner
    account = await accounts.existing(conn, login)
    chosen = (await programme.standing(conn, login, traded.closed_at)).plan or DEFAULT
    version = plans.valid(await plans.versions(conn), chosen, traded.closed_at)
    if version is None:
        raise NoPlan
    chain = [*(Login(-place) for place in range(1, level + 1)), login]
    rungs = [
        Rung(
            login=each,
            currency=account.currency,
            plan=version.plan,
            version=version.version,
            month_lots=month_lots,
            month_amount=Decimal(0),
            day_amount=Decimal(0),
        )
        for each in chain
    ]
    home = await accounts.home(conn, login)
    return Tried(version, await worked(conn, traded, rungs, home.server if home else "", traded.closed_at))


async def worked(conn: Connection, traded: Traded, rungs: list[Rung], server: str, at: datetime) -> Working:
    """Work a trade out, with the rates that it needs: those that nobody knows are none."""
    known = Rates()
    told = known.of(server, at, {})

    def rate(base: str, quote: str) -> Rate | None:
        try:
            return told(base, quote)
        except NoRate:
            return None

    for _ in range(MOST_RATES):
        try:
            return plans.worked(traded, rungs, rate)
        except Unasked:
            known.learn(await ask(conn, list(known.missing)))
    raise LookupError("A trade needs no more rates than this.")
