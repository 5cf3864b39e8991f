"""Many who decide at once: the follower, the operator, partners and clients, on the same few accounts."""

import asyncio
import random
from contextlib import suppress

import pytest

from opencabinet.access import Source
from opencabinet.db import Connection, outbox
from opencabinet.kernel.ids import Login
from opencabinet.kernel.problem import Problem
from opencabinet.partners import referrals
from opencabinet.partners.referrals import Following
from tests.partners.referrals.making import WITH_AGENTS, account, ago, applied, known, partner

CODES = ("ALPHA", "BRAVO", "CHARL")
ROUNDS = 25
PLACES = """
SELECT count(*) FROM referral_log AS log LEFT JOIN referrals ON (referrals.login, entry) = (log.login, log.id)
 WHERE (log.since IS NULL) <> (referrals.login IS NULL) OR log.since <> referrals.since
"""


async def act(conn: Connection, chance: random.Random, partners: list[Login], clients: list[Login]) -> None:
    """Do something to somebody."""
    who, client = chance.choice(partners), chance.choice(clients)
    match chance.randrange(7):
        case 0:
            await referrals.assign(conn, client, who)
        case 1:
            await referrals.release(conn, client)
        case 2:
            await referrals.claim(conn, who, client, "They came to me.")
        case 3:
            for each in await referrals.waiting_claims(conn, limit=1):
                await chance.choice([referrals.accept, referrals.reject])(conn, each.partner, each.id)
        case 4:
            await referrals.consent(conn, client, chance.choice(["masked", "named", "full"]), Source())
        case 5:
            await Following(WITH_AGENTS).step(conn)
        case _:  # as a feed does: many accounts in the order of their logins
            await outbox.append_all(conn, [(each, "account.changed", {}) for each in sorted({*clients, *partners})])


@pytest.mark.parametrize("seed", range(2))
async def test_whatever_is_done_at_once_the_log_says_whose_client_each_is(
    committed: Connection, database: str, seed: int
) -> None:
    partners = [await partner(committed, code) for code in CODES]
    clients = [*partners, *[await account(committed, registered=ago(10)) for _ in range(3)]]
    for client in clients:
        await applied(committed, client, code=random.Random(seed + client).choice(CODES))  # noqa: S311 - no secret

    async def one(place: int) -> None:
        chance = random.Random(f"{seed} {place}")  # noqa: S311 - no secret
        async with await Connection.open(database, role="opencabinet_serve") as conn:
            for _ in range(ROUNDS):
                with suppress(Problem):
                    await act(conn, chance, partners, clients)

    await asyncio.gather(*(one(place) for place in range(6)))

    assert await committed.value("SELECT count(*) FROM referral_log") > 2 * ROUNDS / 3
    assert await committed.value("SELECT count(*) FROM referrals") > ROUNDS / 2
    assert await committed.value(PLACES) == 0
    for client in clients:
        log = await referrals.explain(committed, client, limit=1000)
        rows = await known(committed, client)
        assert referrals.replayed(log) == rows
        assert len([each for each in log if (each.cause or "").startswith("application")]) <= 1
        assert all(each.partner != client for each in rows)
    whose = {client: rows[-1].partner for client in partners if (rows := await known(committed, client))}
    for client in partners:
        way = [client]
        while (last := whose.get(way[-1])) is not None:
            assert last not in way, "Nobody is a client of their own client."
            way.append(last)
