"""Nobody is a client of whoever is their own client, however many stand between."""

import asyncio

from opencabinet.db import Connection
from opencabinet.partners import referrals
from opencabinet.partners.referrals import Rules
from tests.partners.referrals.making import account, ago, applied, attributed, known, owned, partner, told


async def test_two_partners_are_not_clients_of_each_other(conn: Connection) -> None:
    first, second = await partner(conn, "FIRST"), await partner(conn, "OTHER")
    await referrals.assign(conn, second, first)
    beside = await account(conn)
    await owned(conn, "first@example.com", first, beside)
    for client in (first, beside):
        await applied(conn, client, code="OTHER")

        assert told(await attributed(conn, client)) == ("code", "refused", "loop")
        assert await known(conn, client) == []

    assert told(await referrals.assign(conn, first, second)) == ("operator", "refused", "loop")
    await referrals.release(conn, second)
    assert told(await referrals.assign(conn, first, second)) == ("operator", "attributed", "operator_said")


async def test_a_loop_is_seen_however_many_stand_between(conn: Connection) -> None:
    row = [await partner(conn) for _ in range(6)]
    for client, theirs in zip(row[1:], row, strict=False):
        assert (await referrals.assign(conn, client, theirs)).verdict == "attributed"

    assert told(await referrals.assign(conn, row[0], row[-1])) == ("operator", "refused", "loop")
    assert told(await referrals.assign(conn, await account(conn), row[-1])) == (
        "operator",
        "attributed",
        "operator_said",
    )


async def test_of_two_who_would_be_each_others_clients_at_once_one_is(committed: Connection, database: str) -> None:
    pairs = [(await partner(committed), await partner(committed)) for _ in range(10)]
    for one, other in pairs:
        for client, theirs in ((one, other), (other, one)):
            [code] = await committed.values("SELECT code FROM partner_codes WHERE login = %(login)s", login=theirs)
            await applied(committed, client, code=code)

    async def decide(client: int) -> str:
        async with await Connection.open(database, role="opencabinet_serve") as conn:
            entry = await referrals.attribute(conn, client, ago(0), Rules())  # type: ignore[arg-type]  # a login
            return "" if entry is None else entry.verdict

    for pair in pairs:
        assert sorted(await asyncio.gather(*map(decide, pair))) == ["attributed", "refused"]
