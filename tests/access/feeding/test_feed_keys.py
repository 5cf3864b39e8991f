"""Feed keys: made once, stored as hashes, judged by server, address and time, and revoked at once."""

from datetime import UTC, datetime, timedelta

import pytest

from opencabinet import access
from opencabinet.access import (
    AccessDenied,
    Ask,
    Feeder,
    Function,
    Kind,
    Limits,
    NewFeedKey,
    NoSuchServer,
    Source,
    Uses,
    secrets,
)
from opencabinet.access.feeding.model import BadFeedKey, NoSuchFeedKey, TooManyFeedKeys
from opencabinet.db import Connection, Pool
from opencabinet.kernel.problem import Throttled
from tests import make

HERE, ELSEWHERE = "203.0.113.7", "198.51.100.7"
NEW = NewFeedKey(name="bridge", servers=("Live-1", "Live-2"))
ENDED = "UPDATE feed_keys SET expires_at = now()"
TOLD = "SELECT rule, detail FROM authorizations"
KEPT = "SELECT string_agg(feed_keys::text, '') FROM feed_keys"


def source(address: str = HERE) -> Source:
    return Source(channel="v1", address=access.address(address))


async def permit(conn: Connection, secret: str, server: str | None = "Live-1", address: str = HERE) -> Feeder:
    return await access.permit_feed(conn, secret, server, source(address))


async def test_a_key_opens_its_servers_and_is_kept_as_a_hash_only(conn: Connection) -> None:
    made = await access.make_feed_key(conn, NEW)

    assert secrets.formed(made.secret, "ocf_", 43)
    assert await permit(conn, made.secret, "Live-2") == Feeder(made.key.id, "Live-2")
    assert made.secret not in await conn.value(KEPT)
    assert made.secret not in repr(made)
    assert await access.feed_keys(conn) == [made.key]
    [(rule, detail)] = await (await conn.execute(TOLD)).fetchall()
    assert (rule, detail["key"], detail["servers"]) == ("a feed key is made", made.key.id, ["Live-1", "Live-2"])


@pytest.mark.parametrize("server", [None, "", "live-1", "Live-3"])
async def test_a_server_that_is_not_the_keys_is_as_one_that_is_not_known(conn: Connection, server: str | None) -> None:
    secret = (await access.make_feed_key(conn, NEW)).secret

    with pytest.raises(NoSuchServer, match=r"^The key brings in no rows of such a server\.$"):
        await permit(conn, secret, server)


async def test_a_key_is_good_from_its_networks_only_and_the_caller_learns_nothing(conn: Connection) -> None:
    networks = access.networks("203.0.113.0/24")
    secret = (await access.make_feed_key(conn, NewFeedKey(name="a", servers=("Live-1",), networks=networks))).secret

    assert (await permit(conn, secret)).server == "Live-1"
    with pytest.raises(AccessDenied) as elsewhere:
        await permit(conn, secret, address=ELSEWHERE)
    with pytest.raises(AccessDenied) as unknown:
        await permit(conn, secrets.make_token(Kind.FEED), address=ELSEWHERE)
    assert (elsewhere.value.detail, elsewhere.value.ground) == (unknown.value.detail, unknown.value.ground)


async def test_a_revoked_key_is_good_for_nothing_even_for_who_was_let_in(conn: Connection) -> None:
    made = await access.make_feed_key(conn, NEW)
    feeder = await permit(conn, made.secret)
    await access.keep_feeding(conn, feeder)

    await access.revoke_feed_key(conn, made.key.id)

    assert await access.feed_keys(conn) == []
    assert await conn.values("SELECT rule FROM authorizations WHERE action = 'credential.revoke'") == [
        "a feed key is revoked"
    ]
    for look in (access.keep_feeding(conn, feeder), permit(conn, made.secret)):
        with pytest.raises(AccessDenied):
            await look
    with pytest.raises(NoSuchFeedKey):
        await access.revoke_feed_key(conn, made.key.id)


async def test_a_key_that_has_ended_is_good_for_nothing(conn: Connection) -> None:
    made = await access.make_feed_key(conn, NEW)
    feeder = await permit(conn, made.secret)

    await conn.run(ENDED)

    for look in (access.keep_feeding(conn, feeder), permit(conn, made.secret)):
        with pytest.raises(AccessDenied):
            await look


async def test_no_other_credential_brings_rows_in_and_a_feed_key_opens_no_account(conn: Connection) -> None:
    login = (await make.account(conn)).login
    new = access.NewKey(kind=Kind.SERVER, name="a", functions=frozenset({Function.BALANCE}))
    key = await access.make_key(conn, login, new)
    made = await access.make_feed_key(conn, NEW)

    with pytest.raises(AccessDenied):
        await permit(conn, key.secret)
    for kind in Kind:
        decision = await access.permit(
            conn, made.secret, Ask(login=login, function=Function.BALANCE, address=None), kind
        )
        assert decision.granted is None


@pytest.mark.parametrize(
    "new",
    [
        NewFeedKey(name="", servers=("a",)),
        NewFeedKey(name="a\nb", servers=("a",)),
        NewFeedKey(name="a" * 65, servers=("a",)),
        NewFeedKey(name="a", servers=()),
        NewFeedKey(name="a", servers=tuple(map(str, range(51)))),
        NewFeedKey(name="a", servers=("a",), networks=access.networks("0.0.0.0/1") + access.networks("128.0.0.0/1")),
        NewFeedKey(name="a", servers=("a",), expires_at=datetime.now(UTC)),
        NewFeedKey(name="a", servers=("a",), expires_at=datetime.now(UTC) + timedelta(days=91)),
    ],
)
async def test_what_no_key_can_be_made_of(conn: Connection, new: NewFeedKey) -> None:
    with pytest.raises(BadFeedKey):
        await access.make_feed_key(conn, new)


async def test_a_key_that_is_bound_to_networks_may_last_longer(conn: Connection) -> None:
    ends = datetime.now(UTC) + timedelta(days=91)
    new = NewFeedKey(name="a", servers=("a",), networks=access.networks("203.0.113.0/24"), expires_at=ends)

    assert (await access.make_feed_key(conn, new)).key.expires_at == ends


async def test_there_are_a_hundred_keys_at_most(conn: Connection) -> None:
    for _ in range(100):
        made = await access.make_feed_key(conn, NEW)

    with pytest.raises(TooManyFeedKeys):
        await access.make_feed_key(conn, NEW)
    await access.revoke_feed_key(conn, made.key.id)
    await access.make_feed_key(conn, NEW)


async def test_wrong_keys_are_throttled_and_a_right_one_is_let_in_all_the_same(conn: Connection) -> None:
    made = await access.make_feed_key(conn, NEW)
    few = Limits(network=3)
    wrong = secrets.make_token(Kind.FEED)

    for _ in range(3):
        with pytest.raises(AccessDenied):
            await access.permit_feed(conn, wrong, "Live-1", source(), few)
    with pytest.raises(Throttled):
        await access.permit_feed(conn, wrong, "Live-1", source(), few)

    assert await access.permit_feed(conn, made.secret, "Live-1", source(), few)


async def test_the_last_use_of_a_key_is_noted(committed: Connection, database: str) -> None:
    made = await access.make_feed_key(committed, NEW)
    pool = Pool(database, role="opencabinet_serve", size=1)
    uses = Uses(pool)

    uses.note(made.secret)
    await uses.write()
    await pool.close()

    [key] = await access.feed_keys(committed)
    assert key.last_used_at is not None
