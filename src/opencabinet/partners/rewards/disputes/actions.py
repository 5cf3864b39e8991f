"""Opening and ending disputes."""

from datetime import UTC, datetime
from typing import Final

from opencabinet.db import Connection, outbox
from opencabinet.kernel.ids import Login
from opencabinet.kernel.problem import Conflict, Malformed, Unknown
from opencabinet.partners.rewards import store as rewards
from opencabinet.partners.rewards.disputes import store
from opencabinet.partners.rewards.disputes.model import Dispute, Outcome
from opencabinet.partners.rewards.model import NotNow, may

DAYS: Final = 30
"""How long a dispute may be open."""
LONGEST_TEXT: Final = 2_000
LONGEST_NOTE: Final = 500
LAPSED_AT_ONCE: Final = 500
MOST_OPEN: Final = 500
"""Disputes of an account that are open at once: each keeps its explanation."""


class BadText(Malformed):
    """A dispute has 1 to 2,000 characters, and a note to it at most 500."""


class TooManyDisputes(Conflict):
    """At most 500 disputes are open at once: wait until some have ended."""


class NoSuchDispute(Unknown):
    """The account has no such dispute."""


class AlreadyEnded(Conflict):
    """The dispute has ended."""


async def dispute(conn: Connection, login: Login, number: int, text: str, days: int = DAYS) -> Dispute:
    """Doubt a line of an account: it is not settled until the dispute ends, after so many days at the latest.

    Its explanation is kept with the dispute as it is now. One that was settled before is paid with its settlement.

    Raises:
        NoSuchReward: if there is no such line.
        NotNow: if it is paid, reversed, or disputed already.
        BadText: if the text is empty or too long.
        TooManyDisputes: if too many are open.
    """
    if not 0 < len(text.strip()) <= len(text) <= LONGEST_TEXT or "\0" in text:
        raise BadText
    async with conn.transaction():
        reward = await rewards.locked(conn, login, number)
        if not may(reward.state, "disputed"):
            raise NotNow
        if await store.opened(conn, login) >= MOST_OPEN:
            raise TooManyDisputes
        explained = await rewards.with_working(conn, reward)
        opened = await store.open_one(conn, reward, text, explained.explanation, days)
        await outbox.append(conn, login, "reward.disputed", reward=number, dispute=opened.id)
    return opened


async def end(conn: Connection, login: Login, number: int, outcome: Outcome, note: str = "") -> Dispute:
    """End a dispute: its line becomes what it was before, or paid if its settlement was paid meanwhile.

    Raises:
        NoSuchDispute: if there is none.
        AlreadyEnded: if it has ended.
        BadText: if the note is too long.
    """
    if len(note) > LONGEST_NOTE or "\0" in note:
        raise BadText
    async with conn.transaction():
        known = await store.locked(conn, login, number)
        if known is None:
            raise NoSuchDispute
        ended = await store.end(conn, known, outcome, note)
        if ended is None:
            raise AlreadyEnded
        await outbox.append(conn, login, "reward.undisputed", reward=ended.reward, dispute=number, outcome=outcome)
    return ended


async def lapse(conn: Connection) -> int:
    """End the disputes whose deadline has passed; give how many."""
    async with conn.transaction():
        found = await store.overdue(conn, datetime.now(UTC), LAPSED_AT_ONCE)
        for it in found:
            await store.end(conn, it, "lapsed", "")
            await outbox.append(conn, it.login, "reward.undisputed", reward=it.reward, dispute=it.id, outcome="lapsed")
    return len(found)
