"""What every feed must do: brought in by it, the story gives the records written down beside it.

A new feed joins with one file of tests and its fixtures: a `Speaker` that says steps of the story in the feed's own
words, to whatever the feed reads from, and lets the feed bring them in; and tests that call the functions here with it:

    @pytest.fixture
    async def speaker(database, committed): ...

    async def test_each_step(speaker, committed):
        await conformance.each_step(speaker, committed)

Times, names and digits that a feed cannot tell are its own affair: what is compared are the figures of `steps.Known`.
"""

import asyncio
import random
from collections.abc import Sequence
from typing import Any, Protocol

import psycopg
from msgspec import structs

from opencabinet.db import Connection
from tests.ingest.feeds.steps import Known, Step

ACCOUNTS = """
SELECT DISTINCT ON (number) number, balance, credit, complete
  FROM sources JOIN accounts USING (login) WHERE server = %(server)s ORDER BY number, since DESC
"""
CLOSED = """
SELECT ticket, position, side, lots, open_price, close_price, profit + swap + commission + fee
  FROM closed_trades JOIN sources USING (login) WHERE server = %(server)s
"""
OPENED = """
SELECT position, side, lots, open_price FROM open_trades JOIN sources USING (login) WHERE server = %(server)s
"""
ORDERS = """
SELECT ticket, price, state FROM orders JOIN sources USING (login) WHERE server = %(server)s
"""
MOVEMENTS = """
SELECT ticket, kind, amount FROM movements JOIN sources USING (login) WHERE server = %(server)s AND ticket > 0
"""
EVENTS = """
SELECT count(*) FROM events
"""
GAPS = """
SELECT login FROM events GROUP BY login HAVING max(number) <> count(*) OR min(number) <> 1
"""
BALANCES = """
SELECT login
  FROM accounts
 WHERE complete
   AND balance <> (SELECT coalesce(sum(amount), 0) FROM movements
                    WHERE movements.login = accounts.login AND kind NOT IN ('credit', 'bonus'))
                + (SELECT coalesce(sum(profit + swap + commission + fee), 0) FROM closed_trades
                    WHERE closed_trades.login = accounts.login)
                + (SELECT coalesce(sum(profit + swap + commission + fee), 0) FROM deals
                    WHERE deals.login = accounts.login AND cost)
"""
OTHERS = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
 WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
"""


class Speaker(Protocol):
    """Says steps of the story through a feed; a connection that it loses it opens again at the next."""

    server: str
    story: Sequence[Step]

    async def say(self, *steps: Step) -> None:
        """Let steps happen where the feed reads, and the feed bring them in; of several at once it hears together."""


async def known(conn: Connection, server: str) -> Known:
    """Return what is known of a server."""

    async def by_key(statement: Any) -> dict[int, Any]:
        found = await conn.execute(statement, {"server": server})
        return {row[0]: row[1:] for row in await found.fetchall()}

    return Known(
        accounts=await by_key(ACCOUNTS),
        closed=await by_key(CLOSED),
        opened=await by_key(OPENED),
        orders=await by_key(ORDERS),
        movements=await by_key(MOVEMENTS),
    )


def differences(found: Known, expected: Known) -> dict[str, Any]:
    """Return what is not as expected, as found and as expected."""
    parts = {part: (getattr(found, part), getattr(expected, part)) for part in Known.__struct_fields__}
    return {
        part: {key: (ours.get(key), theirs.get(key)) for key in {*ours, *theirs} if ours.get(key) != theirs.get(key)}
        for part, (ours, theirs) in parts.items()
    }


async def sound(conn: Connection) -> None:
    """Expect that balances are the sum of their rows, and that no event is missing."""
    assert await conn.values(BALANCES) == []
    assert await conn.values(GAPS) == []


async def each_step(speaker: Speaker, conn: Connection) -> None:
    """Expect after each step what the story says, and that saying it again changes and tells nothing."""
    for step in speaker.story:
        await speaker.say(step)
        assert await known(conn, speaker.server) == step.known, step.name
        await sound(conn)
        told = await conn.value(EVENTS)

        await speaker.say(step)
        assert await known(conn, speaker.server) == step.known, f"again: {step.name}"
        assert await conn.value(EVENTS) == told, f"again: {step.name}"


async def all_at_once(speaker: Speaker, conn: Connection) -> None:
    """Expect that a feed that hears of everything at once comes to the same end."""
    steps = [step for step in speaker.story if not step.once]
    await speaker.say(*steps)

    found = await known(conn, speaker.server)
    assert found == steps[-1].known, differences(found, steps[-1].known)
    await sound(conn)


async def killed(
    speaker: Speaker,
    conn: Connection,
    *,
    times: int,
    seed: int,
    longest: float = 0.05,
    in_two: frozenset[str] = frozenset(),
) -> None:
    """Expect that a feed whose connections die at any moment leaves nothing half, and completes it when told again.

    Each death comes within `longest` seconds of what is said. Of the steps that are named `in_two` the feed hears of
    the accounts first, then of the rest.
    """
    chance = random.Random(seed)  # noqa: S311 - moments, not secrets
    before = Known()
    for number in range(times):
        step = speaker.story[number % len(speaker.story)] if number < len(speaker.story) else None
        if step is None:
            break
        said = asyncio.ensure_future(speaker.say(step))
        await asyncio.sleep(chance.uniform(0, longest))
        await conn.values(OTHERS)
        await asyncio.gather(said, return_exceptions=True)
        whole = [before, step.known]
        if step.name in in_two:
            whole.append(structs.replace(before, accounts=step.known.accounts))
        assert await known(conn, speaker.server) in whole, step.name
        await again(speaker, step)
        assert await known(conn, speaker.server) == step.known, step.name
        before = step.known
    await sound(conn)


async def again(speaker: Speaker, step: Step) -> None:
    """Say a step again; a connection that died meanwhile is found out by that."""
    for _ in range(3):
        try:
            await speaker.say(step)
        except psycopg.OperationalError:
            continue
        return
