"""What the application is told of its callers, and what it never hears."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from litestar.types import Receive, Scope, Send
from msgspec import structs
from structlog.testing import capture_logs

from opencabinet import access, app
from opencabinet.accounts import Account
from opencabinet.db import Connection
from opencabinet.doors.seen import SEEN
from opencabinet.edge.callers import Callers
from opencabinet.edge.client import Trust
from opencabinet.settings import Settings
from tests import make
from tests.doors.legacy.asking import BALANCE, CLIENT, come_from
from tests.edge.asking import HOST, ask
from tests.living import living

PROXY, HOME = "10.0.0.1", "203.0.113.7"
TRUST = Trust((access.network("127.0.0.1"),))
CLAIMS = (
    *(b"x-forwarded-for", b"x-forwarded-host", b"x-forwarded-proto", b"x-forwarded", b"forwarded", b"x-real-ip"),
    *(b"true-client-ip", b"cf-connecting-ip", b"x-client-ip", b"x-cluster-client-ip", b"x_forwarded_for", b"client-ip"),
)
KEPT = (HOST, (b"via", b"1.1 proxy"), (b"passkey", b"0"), (b"x-request-id", b"1"), (b"x-real-iphone", b"1"))


class Heard:
    """An application that remembers what it was told."""

    def __init__(self) -> None:
        self.scope: Any = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer."""
        del receive
        self.scope = scope
        start: Any = {"type": "http.response.start", "status": 200, "headers": []}
        await send(start)
        await send({"type": "http.response.body", "body": b"", "more_body": False})


@pytest.mark.parametrize("trust", [Trust(), TRUST])
async def test_handlers_see_no_header_that_claims_an_address(trust: Trust) -> None:
    inner = Heard()

    await ask(Callers(trust, inner), headers=[*KEPT[:2], *((name, HOME.encode()) for name in CLAIMS), *KEPT[2:]])

    assert inner.scope["headers"] == list(KEPT)
    assert str(inner.scope[SEEN].address) == (HOME if trust.proxies else "127.0.0.1")


async def test_what_is_no_request_is_passed_on() -> None:
    inner = Heard()

    async def send(message: Any) -> None:
        del message

    await Callers(TRUST, inner)({"type": "lifespan"}, None, send)  # type: ignore[arg-type]  # nothing is received

    assert inner.scope == {"type": "lifespan"}


async def test_the_operator_is_told_once_that_headers_are_not_believed_and_never_what_they_say() -> None:
    layer = Callers(Trust(), Heard())

    with capture_logs() as logs:
        await ask(layer)
        assert logs == []
        for _ in range(3):
            await ask(layer, headers=[HOST, (b"x-forwarded-for", b"198.51.100.99")])

    [told] = logs
    assert (told["event"], told["log_level"]) == ("forwarding headers are not believed", "warning")
    assert (told["peer"], told["setting"]) == ("127.0.0.1", "OPENCABINET_TRUSTED_PROXIES")
    assert "198.51.100.99" not in str(told)


async def test_the_operator_is_told_once_that_a_trusted_proxy_does_not_tell_the_client() -> None:
    layer = Callers(TRUST, Heard())

    with capture_logs() as logs:
        await ask(layer, headers=[HOST, (b"x-forwarded-for", HOME.encode())])
        assert logs == []
        for _ in range(3):
            await ask(layer, headers=[HOST, (b"x-forwarded-for", b"secret")])
            await ask(layer)

    [told] = logs
    assert (told["event"], told["peer"]) == ("a trusted proxy does not tell the client", "127.0.0.1")
    assert told["setting"] == "OPENCABINET_FORWARDED_HEADER"
    assert "secret" not in str(told)


@pytest.fixture
async def behind(settings: Settings, committed: Connection) -> AsyncIterator[httpx.AsyncClient]:
    """A client of an application that trusts the proxies of a network."""
    del committed  # only its emptying is needed
    async with living(app.build(structs.replace(settings, trusted_proxies="10.0.0.0/8, 2001:db8:cafe::/48"))) as (
        site,
        _,
    ):
        yield site


@pytest.fixture
async def account(committed: Connection) -> Account:
    """An account that only its owner's home may read."""
    account = await make.account(committed)
    await access.close_account(committed, account.login, [access.network(HOME)])
    return account


async def test_an_account_is_read_through_a_trusted_proxy_from_its_own_addresses_only(
    behind: httpx.AsyncClient, committed: Connection, account: Account, settings: Settings
) -> None:
    token = await make.token(committed, account.login, settings)

    async def status(peer: str, *lines: str) -> int:
        come_from(behind, peer)
        sent = [("passkey", token), *(("X-Forwarded-For", line) for line in lines)]
        return (await behind.get(BALANCE.format(account.login), headers=sent)).status_code

    assert await status(HOME) == await status(PROXY, HOME) == 200
    assert await status(PROXY, f"198.51.100.9, {HOME}, 10.0.0.2") == 200
    assert await status("2001:db8:cafe::1", "nonsense", f"::ffff:{HOME}", "10.9.9.9") == 200
    for peer, *lines in (
        ("198.51.100.9", HOME),
        ("198.51.100.9", HOME, HOME),
        (PROXY,),
        (PROXY, "198.51.100.9"),
        (PROXY, HOME, "198.51.100.9"),
        (PROXY, f"{HOME}, 198.51.100.9, 10.0.0.2"),
        (PROXY, f"{HOME}, unknown"),
        (PROXY, f"{HOME}:80"),
        (PROXY, f"{HOME},"),
        (PROXY, "203.0.113.07"),
        (PROXY, "10.0.0.3"),
        ("2002:a00:1::1", HOME),
    ):
        assert await status(peer, *lines) == 403, (peer, lines)


async def test_other_headers_of_a_trusted_proxy_say_nothing(
    behind: httpx.AsyncClient, committed: Connection, account: Account, settings: Settings
) -> None:
    token = await make.token(committed, account.login, settings)
    come_from(behind, PROXY)

    for name in CLAIMS[1:]:
        sent = {"passkey": token, name.decode(): HOME}
        assert (await behind.get(BALANCE.format(account.login), headers=sent)).status_code == 403, name


async def test_the_history_says_where_the_address_is_known_from(
    behind: httpx.AsyncClient, committed: Connection, account: Account, settings: Settings
) -> None:
    password = await make.password(committed, account.login, settings)
    for peer, lines in ((HOME, []), (PROXY, ["198.51.100.1", HOME]), (PROXY, ["unknown"])):
        come_from(behind, peer)
        sent = [("X-Forwarded-For", line) for line in lines]
        asked = {"Login": account.login, "Password": password}
        assert (await behind.post(CLIENT, json=asked, headers=sent)).status_code == 200
        given = {"login": account.login, "password": password}
        assert (await behind.post("/v1/tokens", json=given, headers=sent)).status_code == 201

    rows = await committed.values(
        "SELECT coalesce(host(address), '') || ' ' || derived_from FROM authorizations"
        " WHERE action = 'token.request' ORDER BY id"
    )

    told = [f"{HOME} socket", f"{HOME} x-forwarded-for", " x-forwarded-for"]
    assert rows == [each for each in told for _ in range(2)]


async def test_a_caller_is_told_how_it_is_seen(behind: httpx.AsyncClient) -> None:
    come_from(behind, PROXY)

    known = (await behind.get("/v1/whoami", headers={"X-Forwarded-For": f"{HOME}, 10.0.0.2"})).json()
    hidden = (await behind.get("/v1/whoami", headers={"X-Forwarded-For": "unknown"})).json()

    assert (known["address"], known["address_from"]) == (HOME, "x-forwarded-for")
    assert known["address_reason"] == "A trusted proxy gave it in X-Forwarded-For."
    assert known["hops"] == [HOME, "10.0.0.2", PROXY]
    assert (hidden["address"], hidden["hops"]) == (None, [PROXY])
    assert "no address" in hidden["address_reason"]
    assert "unknown" not in str(hidden)
