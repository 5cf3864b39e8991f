"""What is refused before anything is asked."""

import httpx
import pytest

from opencabinet import access
from opencabinet.db import Connection
from opencabinet.edge.limits import LARGEST_HEADER, LARGEST_HEADERS, LONGEST_TARGET, MOST_HEADERS, Limits
from tests import make
from tests.doors.legacy.asking import BALANCE, transport
from tests.edge.asking import HOST, Inner, ask

Headers = list[tuple[bytes, bytes]]


BODIES = {400: b'"Bad request"', 414: b'"Request-uri too long"', 431: b'"Request header fields too large"'}


async def assert_refused(target: bytes, headers: Headers, status: int) -> None:
    inner = Inner()
    answer = await ask(Limits(inner), target, headers)
    assert (answer.status, answer.body, inner.asked) == (status, BODIES[status], 0)
    assert answer.headers[b"content-type"] == [b"application/json; charset=utf-8"]
    assert answer.headers[b"content-length"] == [str(len(answer.body)).encode()]
    assert answer.headers[b"connection"] == [b"close"]


async def assert_passed(target: bytes, headers: Headers) -> None:
    inner = Inner()
    answer = await ask(Limits(inner), target, headers)
    assert (answer.status, answer.body, inner.asked) == (200, b"inner", 1)


@pytest.mark.parametrize(
    "host",
    [b"a", b"127.0.0.1", b"127.0.0.1:8080", b"[::1]", b"[2001:db8::1]:443", b"client-api.example.com:1", b"A_b.C"],
)
async def test_any_host_that_can_be_one_is_served(host: bytes) -> None:
    await assert_passed(b"/", [(b"host", host)])


@pytest.mark.parametrize(
    "host",
    [
        b"",
        b" ",
        b"a b",
        b"a/evil?x",
        b"a\\b",
        b"user@a",
        b"a:",
        b"a:b",
        b"a:123456",
        b":80",
        b"a,b",
        b"<script>",
        b'"',
        b"a%00",
        b"a\n",
        b"\xff",
        "ä".encode(),
        b"[::1",
        b"::1",
        b"[v1.x]",
        b"a" * 254,
    ],
)
async def test_a_host_that_can_be_none_is_refused(host: bytes) -> None:
    await assert_refused(b"/", [(b"host", host)], 400)


async def test_exactly_one_host_is_needed() -> None:
    await assert_refused(b"/", [], 400)
    await assert_refused(b"/", [HOST, HOST], 400)
    await assert_refused(b"/", [HOST, (b"host", b"other.test")], 400)


@pytest.mark.parametrize(
    "target",
    [
        b"/a%00",
        b"/a%0a",
        b"/a%0D",
        b"/a%1f",
        b"/a%7f",
        b"/a%2fb",
        b"/a%2Fb",
        b"/a%5cb",
        b"/a%5Cb",
        b"/../a",
        b"/a/../b",
        b"/a/..",
        b"/a/./b",
        b"/a/.",
        b"/a\x00",
        b"/a\t",
        b"/a b",
        b"/\xff",
        b"@google.com",
        b"*",
        b"",
        b"http://evil.example/",
        b"a:80",
    ],
)
async def test_a_target_that_means_two_things_is_refused(target: bytes) -> None:
    await assert_refused(target, [HOST], 400)


async def test_dots_that_are_escaped_do_not_climb(site: httpx.AsyncClient, committed: Connection) -> None:
    account = await make.account(committed)
    await access.open_account(committed, account.login)
    app, balance = transport(site).app, BALANCE.format(account.login).encode()
    assert (await ask(app, balance)).status == 200

    for climb in (b"/a/%2e%2e", b"/a/%2E.", b"/%2e", b"/client/%2e%2e"):
        assert (await ask(app, climb + balance)).status in {400, 404}, climb


@pytest.mark.parametrize(
    "target", [b"/", b"/a/b", b"/a/", b"/a?b=%00&c=/../", b"/%c3%a4", b"/a..b/c.d", b"/...", b"//a"]
)
async def test_a_plain_target_passes(target: bytes) -> None:
    await assert_passed(target, [HOST])


async def test_headers_up_to_the_limits_pass_and_no_more() -> None:
    many = [HOST, *[(b"x", b"1")] * (MOST_HEADERS - 1)]
    await assert_passed(b"/", many)
    await assert_refused(b"/", [*many, (b"x", b"1")], 431)

    room = LARGEST_HEADERS - len(b"".join(HOST)) - 4 * len(b"x")
    large = [HOST, *[(b"x", b"1" * (room // 4))] * 4]
    await assert_passed(b"/", large)
    await assert_refused(b"/", [*large, (b"x", b"1" * 4)], 431)


async def test_one_header_alone_may_not_be_as_large_as_all_of_them() -> None:
    await assert_passed(b"/", [HOST, (b"x", b"1" * (LARGEST_HEADER - 1))])
    await assert_refused(b"/", [HOST, (b"x", b"1" * LARGEST_HEADER)], 431)


async def test_a_target_up_to_the_limit_passes_and_no_longer_one() -> None:
    await assert_passed(b"/" + b"a" * (LONGEST_TARGET - 1), [HOST])
    await assert_passed(b"/?" + b"a" * (LONGEST_TARGET - 1), [HOST])
    await assert_refused(b"/" + b"a" * LONGEST_TARGET, [HOST], 414)
    await assert_refused(b"/?" + b"a" * LONGEST_TARGET, [HOST], 414)


async def test_other_protocols_are_passed_on() -> None:
    """The server's own start and stop messages are not requests."""
    seen = []

    async def inner(scope: dict[str, str], receive: object, send: object) -> None:
        del receive, send
        seen.append(scope["type"])

    await Limits(inner)({"type": "lifespan"}, None, None)  # type: ignore[arg-type]

    assert seen == ["lifespan"]
