"""Moving rewards from state to state."""

import asyncio
from collections.abc import Collection
from datetime import UTC, datetime
from typing import Final

from opencabinet.db import Connection
from opencabinet.kernel.ids import Login
from opencabinet.kernel.problem import Conflict, Malformed
from opencabinet.partners.rewards import store
from opencabinet.partners.rewards.accruing import store as accruing
from opencabinet.partners.rewards.model import NotNow, State, before

MOST_AT_ONCE: Final = 1_000
"""Lines that are moved by their numbers, at most."""
RIPE_AT_ONCE: Final = 5_000
PAUSE_SECONDS: Final = 0.1


class TooManyLines(Malformed):
    """From 1 to 1,000 lines are moved at once."""


class Overdrawn(Conflict):
    """A part of it was taken back by a later line of the same trade: reverse that one as well."""


async def hold(conn: Connection, login: Login, ids: Collection[int]) -> None:
    """Hold lines until they are released or approved.

    Raises:
        NotNow: if one of them cannot be held; none is then.
    """
    await move(conn, login, ids, "held")


async def release(conn: Connection, login: Login, ids: Collection[int]) -> None:
    """Let lines that are held be accrued again.

    Raises:
        NotNow: if one of them is not held; none is released then.
    """
    await move(conn, login, ids, "accrued")


async def approve_lines(conn: Connection, login: Login, ids: Collection[int]) -> None:
    """Approve lines, accrued or held.

    Raises:
        NotNow: if one of them cannot be approved; none is then.
    """
    await move(conn, login, ids, "approved")


async def reverse(conn: Connection, login: Login, ids: Collection[int]) -> None:
    """Take lines back, for good: fraud, a bonus abused. What is payable or paid is not, nor what is disputed.

    Whatever is corrected later of their trades is taken back as well from whoever has nothing left of them.

    Raises:
        NotNow: if one of them cannot be taken back; none is then.
        Overdrawn: if more would be taken back of a trade than was given; nothing is then.
        TooManyLines: if there are too many.
    """
    wanted = bounded(ids)
    async with conn.transaction():
        await accruing.lock(conn)
        if await store.reverse(conn, login, wanted, before("reversed")) != len(wanted):
            raise NotNow
        if await store.overdrawn(conn, login, wanted):
            raise Overdrawn
        await store.announce(conn, [login])


async def move(conn: Connection, login: Login, ids: Collection[int], to: State) -> None:
    """Move lines to a state.

    Raises:
        NotNow: if one of them is in a state that does not become it; none is moved then.
        TooManyLines: if there are too many.
    """
    wanted = bounded(ids)
    async with conn.transaction():
        if await store.move(conn, login, wanted, before(to), to) != len(wanted):
            raise NotNow
        await store.announce(conn, [login])


def bounded(ids: Collection[int]) -> set[int]:
    """Return numbers of lines, each once.

    Raises:
        TooManyLines: if there are too many.
    """
    if not 0 < len(ids) <= MOST_AT_ONCE:
        raise TooManyLines
    return set(ids)


async def approve_until(conn: Connection, login: Login, until: datetime, *, held: bool = False) -> int:
    """Approve all accrued lines of an account, of trades that closed before a moment; give how many.

    Those that the operator holds are approved as well if `held` says so; those that a plan holds wait for their time.
    """
    async with conn.transaction():
        approved = await store.approve(conn, login, until, held=held)
        await store.announce(conn, [login])
    return approved


async def mature(conn: Connection) -> int:
    """Approve what was held as long as its plan says, portion by portion; give how many lines."""
    total = 0
    while True:
        async with conn.transaction():
            owners = await store.mature(conn, datetime.now(UTC), RIPE_AT_ONCE)
            if owners:
                await store.announce(conn, set(owners))
        total += len(owners)
        if len(owners) < RIPE_AT_ONCE:
            return total
        await asyncio.sleep(PAUSE_SECONDS)
