"""Events are kept for some days; their numbers go on."""

import pytest
from psycopg.errors import InsufficientPrivilege

from opencabinet.db import Connection, outbox
from opencabinet.db.outbox import Place
from opencabinet.db.outbox.jobs import forgetting
from opencabinet.kernel.ids import Login
from tests import make
from tests.quiet import after

OLDER = "UPDATE events SET at = now() - interval '40 days' WHERE number <= %(number)s"


async def told(conn: Connection, times: int) -> Login:
    """Keep an account with so many events."""
    login = (await make.account(conn)).login
    for _ in range(times):
        await outbox.append(conn, login, "told")
    return login


async def test_old_events_go_in_portions_and_numbers_go_on(committed: Connection) -> None:
    login = await told(committed, 9)
    await committed.run(OLDER, number=7)

    assert await forgetting(30, 2)(committed) == 7
    assert await forgetting(30)(committed) == 0
    assert (await outbox.first(committed, login), await outbox.last(committed, login)) == (8, 9)
    assert await outbox.append(committed, login, "told") == 10


async def test_what_a_follower_has_not_come_to_stays_until_it_stands_still_for_as_long(committed: Connection) -> None:
    await told(committed, 4)
    await committed.run(OLDER, number=4)
    second = (await after(committed, Place(xid=0, id=0), 2))[-1]
    await outbox.reached(committed, "one", second.place)

    assert await forgetting(30)(committed) == 2
    await committed.run("UPDATE followers SET reached_at = now() - interval '31 days'")
    assert await forgetting(30)(committed) == 2


async def test_serving_forgets_old_events_alone(committed: Connection) -> None:
    await told(committed, 2)
    await committed.run(OLDER, number=1)
    async with committed.transaction(force_rollback=True):
        await committed.run("SET LOCAL ROLE opencabinet_serve")
        assert await outbox.forget(committed, days=0, most=10) == 1
        assert await outbox.forget(committed, days=-5, most=10) == 0
    for role in ("opencabinet_read", "opencabinet_feed"):
        async with committed.transaction(force_rollback=True):
            await committed.run(f"SET LOCAL ROLE {role}")
            with pytest.raises(InsufficientPrivilege):
                await outbox.forget(committed, days=1, most=1)
