"""Settling what was approved, and paying it."""

from datetime import datetime
from typing import Final

from opencabinet.db import Connection, outbox
from opencabinet.kernel.ids import Login
from opencabinet.kernel.money import plain
from opencabinet.kernel.problem import Conflict, Malformed, Unknown
from opencabinet.partners.rewards.accruing.model import Meanwhile
from opencabinet.partners.rewards.model import rounded
from opencabinet.partners.rewards.settling import store
from opencabinet.partners.rewards.settling.model import Approved, Settlement
from opencabinet.partners.rewards.settling.store import due

__all__ = ["AlreadyPaid", "BadReference", "NoSuchSettlement", "due", "pay", "settle"]

LONGEST_REFERENCE: Final = 100


class NoSuchSettlement(Unknown):
    """The account has no such settlement."""


class AlreadyPaid(Conflict):
    """The settlement is paid."""


class BadReference(Malformed):
    """A reference has 1 to 100 printable characters."""


async def settle(conn: Connection, login: Login, until: datetime) -> list[Settlement]:
    """Settle the approved lines of an account, of trades that closed before a moment: one settlement a currency.

    Raises:
        Meanwhile: if more was approved at the same time; nothing is settled then.
    """
    async with conn.transaction():
        await store.lock(conn, login)
        return [await settle_one(conn, login, until, of) for of in await store.approved(conn, login, until)]


async def settle_one(conn: Connection, login: Login, until: datetime, of: Approved) -> Settlement:
    """Settle the lines of a currency."""
    amount, rest = rounded(of.accrued + of.carried, of.currency)
    entry = None
    if amount:
        entry = await store.book(conn, login, of.currency, "house:commissions", "partner:payable", amount)
    settled = await store.settle(conn, login, until, of, amount=amount, carried_out=rest, entry=entry)
    if await store.take(conn, settled) != of.lines:
        raise Meanwhile
    await outbox.append(
        conn, login, "rewards.settled", settlement=settled.id, amount=plain(amount), currency=of.currency
    )
    return settled


async def pay(conn: Connection, login: Login, number: int, reference: str) -> Settlement:
    """Note that a settlement was paid, under a reference of whoever paid it.

    Raises:
        NoSuchSettlement: if there is none.
        AlreadyPaid: if it was paid before.
        BadReference: if the reference cannot be kept.
    """
    if not 0 < len(reference) <= LONGEST_REFERENCE or not reference.isprintable():
        raise BadReference
    async with conn.transaction():
        known = await store.locked(conn, login, number)
        if known is None:
            raise NoSuchSettlement
        if known.state == "paid":
            raise AlreadyPaid
        entry = None
        if known.amount:
            entry = await store.book(conn, login, known.currency, "partner:payable", "house:payouts", known.amount)
        paid = await store.pay(conn, known, reference, entry)
        amount = plain(paid.amount)
        await outbox.append(conn, login, "rewards.paid", settlement=number, amount=amount, currency=paid.currency)
    return paid
