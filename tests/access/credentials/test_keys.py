"""Keys: what they open, from where, until when; and what is never made."""

from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from typing import Any

import pytest
from msgspec import structs

from opencabinet import access
from opencabinet.access import AccessDenied, Ask, Decision, Family, Function, Ground, Kind, NewKey, secrets
from opencabinet.access.credentials.model import BadKey, NoSuchKey, NoSuchToken, NotOpen, TooManyKeys
from opencabinet.access.credentials.origins import BadOrigin, origin
from opencabinet.db import Connection
from opencabinet.kernel.ids import Login
from tests import make
from tests.access.asking import PEPPER, issued

SERVER = NewKey(kind=Kind.SERVER, name="reporting", functions=frozenset({Function.BALANCE}))
PAGE = "https://www.example.com"
PUBLISHABLE = NewKey(kind=Kind.PUBLISHABLE, name="page", functions=frozenset({Function.BALANCE}), origins=(PAGE,))


@pytest.fixture
async def login(conn: Connection) -> Login:
    """The login of an account."""
    return (await make.account(conn)).login


async def asked(
    conn: Connection, login: Login, secret: str, function: Function = Function.BALANCE, **more: Any
) -> Decision:
    """Ask the judge with a key."""
    given = {"address": ip_address("203.0.113.7"), **more}
    return await access.permit(conn, secret, Ask(login=login, function=function, **given), access.kind_of(secret))


async def test_a_server_key_opens_its_functions_and_no_others(conn: Connection, login: Login) -> None:
    made = await access.make_key(conn, login, SERVER)

    assert secrets.formed(made.secret, "ccs_", 43)
    assert made.secret not in repr(made)
    assert (await asked(conn, login, made.secret)).granted == login
    for function in set(Function) - {Function.BALANCE}:
        assert (await asked(conn, login, made.secret, function)).ground is Ground.RULE
    stranger = (await make.account(conn)).login
    assert (await asked(conn, stranger, made.secret)).ground is Ground.OTHER_ACCOUNT


async def test_a_server_key_without_addresses_lapses_in_90_days(conn: Connection, login: Login) -> None:
    listed = structs.replace(SERVER, networks=access.networks("203.0.113.0/24"))
    unbound, bound = [(await access.make_key(conn, login, each)).key for each in (SERVER, listed)]

    assert [(each.expires_at - each.created_at).days for each in (unbound, bound)] in ([90, 1825], [89, 1824])
    too_long = structs.replace(SERVER, expires_at=datetime.now(UTC) + timedelta(days=91))
    with pytest.raises(BadKey, match="within 90 days"):
        await access.make_key(conn, login, too_long)


@pytest.mark.parametrize("wide", ["0.0.0.0/1", "203.0.0.0/15", "2001:db8::/31", "203.0.0.0-203.1.255.255"])
async def test_a_server_key_for_whole_providers_lapses_as_one_without_addresses(
    conn: Connection, login: Login, wide: str
) -> None:
    listed = (*access.networks("198.51.100.7"), *access.networks(wide))
    too_long = structs.replace(SERVER, networks=listed, expires_at=datetime.now(UTC) + timedelta(days=91))

    with pytest.raises(BadKey, match="within 90 days"):
        await access.make_key(conn, login, too_long)


@pytest.mark.parametrize("halves", ["0.0.0.0/1 128.0.0.0/1", "::/1 8000::/1 203.0.113.7"])
async def test_networks_that_let_everybody_in_together_bind_no_key(conn: Connection, login: Login, halves: str) -> None:
    listed = tuple(map(access.network, halves.split()))

    with pytest.raises(BadKey, match="everybody"):
        await access.make_key(conn, login, structs.replace(SERVER, networks=listed))


async def test_a_key_is_good_from_its_addresses_only(conn: Connection, login: Login) -> None:
    made = await access.make_key(conn, login, structs.replace(SERVER, networks=access.networks("203.0.113.0/24")))

    assert (await asked(conn, login, made.secret)).granted == login
    for address in (ip_address("198.51.100.7"), ip_address("2001:db8::1"), None):
        assert (await asked(conn, login, made.secret, address=address)).ground is Ground.RULE


async def test_a_publishable_key_opens_what_is_open_on_its_pages(conn: Connection, login: Login) -> None:
    with pytest.raises(NotOpen, match="balance"):
        await access.make_key(conn, login, PUBLISHABLE)
    await access.open_account(conn, login)

    made = await access.make_key(conn, login, PUBLISHABLE)

    assert secrets.formed(made.secret, "cck_", 43)
    assert made.key.reads_per_minute == 60
    decision = await asked(conn, login, made.secret, origin=PAGE)
    assert decision.granted == login
    assert decision.bearer is not None
    assert decision.bearer.reads_per_minute == 60
    for other in (None, "null", "https://example.com", f"{PAGE}:8443", f"{PAGE}.evil.example"):
        assert (await asked(conn, login, made.secret, origin=other)).granted is None
    await access.close_account(conn, login)
    assert (await asked(conn, login, made.secret, origin=PAGE)).ground is Ground.RULE


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": Kind.BEARER},
        {"name": ""},
        {"name": "x" * 65},
        {"name": "a\nb"},
        {"functions": frozenset()},
        {"functions": frozenset({Function.ACCESS})},
        {"functions": frozenset({Function.BALANCE, Function.COMMISSIONS})},
        {"origins": (PAGE,)},
        {"reads_per_minute": 5},
        {"expires_at": datetime(2026, 1, 1, tzinfo=UTC)},
        {"kind": Kind.PUBLISHABLE},
        {"kind": Kind.PUBLISHABLE, "origins": (PAGE,), "reads_per_minute": 6001},
        {"kind": Kind.PUBLISHABLE, "origins": (PAGE,), "networks": access.networks("203.0.113.7")},
        {"kind": Kind.PUBLISHABLE, "origins": tuple(f"https://{n}.example" for n in range(21))},
        {"kind": Kind.PUBLISHABLE, "origins": (PAGE,), "expires_at": datetime.now(UTC) + timedelta(days=366)},
    ],
)
async def test_what_cannot_hold_is_not_made(conn: Connection, login: Login, wrong: dict[str, Any]) -> None:
    await access.open_account(conn, login)

    with pytest.raises(BadKey):
        await access.make_key(conn, login, structs.replace(SERVER, **wrong))

    assert await access.keys(conn, login) == []


@pytest.mark.parametrize(
    ("text", "spelled"),
    [
        ("https://WWW.Example.com", "https://www.example.com"),
        ("https://example.com:443", "https://example.com"),
        ("https://example.com:8443", "https://example.com:8443"),
        ("http://localhost:5173", "http://localhost:5173"),
        ("http://127.0.0.1:80", "http://127.0.0.1"),
    ],
)
def test_an_origin_is_spelled_as_browsers_send_it(text: str, spelled: str) -> None:
    assert origin(text) == spelled


@pytest.mark.parametrize(
    "text",
    [
        *("", "null", "*", "https://*", "https://*.example.com", "https://example.com/", "https://example.com/page"),
        *("http://example.com", "ftp://example.com", "example.com", "https://", "https://a b", "https://user@host"),
        *("https://example.com:0", "https://example.com:70000", "https://-a.example", "https://exämple.com"),
        *(
            "https://example.com?x",
            "https://example.com#x",
            "https://" + "a" * 300,
            "https://example.com.",
            "https://a\n",
        ),
    ],
)
def test_anything_else_is_no_origin(text: str) -> None:
    if text == "https://a\n":
        assert origin(text) == "https://a"
        return
    with pytest.raises(BadOrigin):
        origin(text)


async def test_an_account_has_so_many_keys_and_no_more(conn: Connection, login: Login) -> None:
    for _ in range(50):
        await access.make_key(conn, login, SERVER)

    with pytest.raises(TooManyKeys):
        await access.make_key(conn, login, SERVER)

    found = await access.keys(conn, login)
    assert [each.id for each in found] == sorted((each.id for each in found), reverse=True)
    await access.revoke_key(conn, login, found[0].id)
    await access.make_key(conn, login, SERVER)


async def test_a_key_is_revoked_by_its_own_account_and_once(conn: Connection, login: Login) -> None:
    made = await access.make_key(conn, login, SERVER)
    stranger = (await make.account(conn)).login

    with pytest.raises(NoSuchKey):
        await access.revoke_key(conn, stranger, made.key.id)
    with pytest.raises(NoSuchToken):
        await access.revoke_token(conn, login, made.key.id)
    assert (await asked(conn, login, made.secret)).granted
    await access.revoke_key(conn, login, made.key.id)

    assert (await asked(conn, login, made.secret)).ground is Ground.CREDENTIAL
    with pytest.raises(NoSuchKey):
        await access.revoke_key(conn, login, made.key.id)


async def test_tokens_are_revoked_without_keys_and_not_me_takes_all(conn: Connection, login: Login) -> None:
    password = await access.set_password(conn, login, pepper=PEPPER)
    await issued(conn, login, password)
    await access.make_key(conn, login, SERVER)

    assert await access.revoke(conn, login) == 1
    assert len(await access.keys(conn, login)) == 1
    await issued(conn, login, password)
    gone = await access.not_me(conn, login)

    assert (gone.tokens, gone.keys, gone.passwords) == (1, 1, 1)
    assert (await access.live(conn, login), await access.keys(conn, login)) == (0, [])
    with pytest.raises(AccessDenied):
        await issued(conn, login, password)


async def test_who_lost_their_credential_meanwhile_makes_no_key(conn: Connection, login: Login) -> None:
    password = await access.set_password(conn, login, pepper=PEPPER)
    token = await access.issue(
        conn, pepper=PEPPER, login=login, password=password, family=Family.CLIENT, lifetime=timedelta(hours=1)
    )
    by = await access.bearer(conn, token, Kind.LEGACY)
    await access.make_key(conn, login, SERVER, by)
    await access.not_me(conn, login)

    with pytest.raises(AccessDenied):
        await access.make_key(conn, login, SERVER, by)
    with pytest.raises(AccessDenied):
        await access.set_password(conn, login, pepper=PEPPER, by=by)
