from datetime import timedelta

import pytest
from msgspec import structs

from opencabinet import access
from opencabinet.access import AccessDenied, Decision, Family, Function, Ground
from opencabinet.access.jobs import forget_expired_tokens
from opencabinet.db import Connection
from opencabinet.db.outbox import Place
from opencabinet.kernel.ids import LARGEST
from tests import make
from tests.access.asking import HOUR, PEPPER, issued, judged, owner
from tests.quiet import after


async def test_the_password_gives_a_token_that_opens_the_account(conn: Connection) -> None:
    login, token = await owner(conn)

    decision = await judged(conn, login, token)

    assert decision.granted == login
    assert decision.rule == "the token is the account's own"


async def test_a_token_opens_no_other_account(conn: Connection) -> None:
    _, token = await owner(conn)
    other, _ = await owner(conn)

    decision = await judged(conn, other, token)

    refused = Decision(None, "the token belongs to another account", Ground.OTHER_ACCOUNT)
    assert structs.replace(decision, bearer=None) == refused


async def test_a_clients_token_does_not_open_a_partners_function(conn: Connection) -> None:
    login, token = await owner(conn)

    decision = await judged(conn, login, token, function=Function.COMMISSIONS)

    refused = Decision(None, "a client token does not open commissions", Ground.RULE)
    assert structs.replace(decision, bearer=None) == refused


async def test_an_expired_token_opens_nothing(conn: Connection) -> None:
    login, token = await owner(conn, lifetime=-timedelta(seconds=1))

    assert await judged(conn, login, token) == Decision(
        None, "the token is unknown, expired or revoked", Ground.CREDENTIAL
    )


async def test_a_revoked_token_opens_nothing(conn: Connection) -> None:
    login, token = await owner(conn)

    assert await access.revoke(conn, login) == 1
    assert (await judged(conn, login, token)).granted is None
    assert await access.revoke(conn, login) == 0


async def test_revoking_one_account_leaves_others_alone(conn: Connection) -> None:
    (one, _), (other, token) = await owner(conn), await owner(conn)
    await access.revoke(conn, one)

    assert (await judged(conn, other, token)).granted == other


async def test_a_new_password_revokes_the_tokens_the_old_one_gave(conn: Connection) -> None:
    login = (await make.account(conn)).login
    old = await access.set_password(conn, login, pepper=PEPPER)
    token = await issued(conn, login, old)

    new = await access.set_password(conn, login, pepper=PEPPER)

    assert (await judged(conn, login, token)).granted is None
    with pytest.raises(AccessDenied):
        await issued(conn, login, old)
    assert (await judged(conn, login, await issued(conn, login, new))).granted == login


async def test_neither_passwords_nor_tokens_are_stored(conn: Connection) -> None:
    login = (await make.account(conn)).login
    password = await access.set_password(conn, login, pepper=PEPPER)
    token = await issued(conn, login, password)

    kept = await conn.values("SELECT hash FROM api_passwords UNION ALL SELECT hash FROM tokens")

    assert len(kept) == 2
    assert not {password.encode(), token.encode(), bytes.fromhex(token)} & set(kept)


@pytest.mark.parametrize("login", [0, -1, 1, LARGEST, LARGEST + 1, 10**30])
async def test_a_login_nobody_has_is_refused_like_a_closed_account(conn: Connection, login: int) -> None:
    mine, token = await owner(conn)

    assert await judged(conn, login) == await judged(conn, mine)
    assert await judged(conn, login, "bad") == await judged(conn, mine, "bad")
    assert (await judged(conn, login, token)).granted is None
    with pytest.raises(AccessDenied, match="Access denied"):
        await issued(conn, login, "bad")


async def test_another_pepper_knows_no_password(conn: Connection) -> None:
    login = (await make.account(conn)).login
    password = await access.set_password(conn, login, pepper=PEPPER)

    with pytest.raises(AccessDenied):
        await access.issue(conn, pepper=b"q" * 32, login=login, password=password, family=Family.CLIENT, lifetime=HOUR)


async def test_no_event_tells_a_secret(committed: Connection) -> None:
    login = (await make.account(committed)).login
    password = await access.set_password(committed, login, pepper=PEPPER)
    token = await issued(committed, login, password)

    told = str(await after(committed, Place(xid=0, id=0), 100))

    assert password not in told
    assert token not in told


async def test_tokens_are_forgotten_a_day_after_they_expired(conn: Connection) -> None:
    login, token = await owner(conn)
    password = await access.set_password(conn, login, pepper=PEPPER)
    for hours in (-25, -23, 1):
        await issued(conn, login, password, timedelta(hours=hours))

    assert await forget_expired_tokens(conn) == 1
    assert await conn.value("SELECT count(*) FROM tokens") == 3
    assert await access.live(conn, login) == 1
    assert (await judged(conn, login, token)).granted is None
