"""One attempt at a receiver that behaves, or does not."""

import asyncio
import os
import ssl
import time
from ipaddress import ip_address
from pathlib import Path

import pytest

from opencabinet.access import Address
from opencabinet.webhooks import Reach
from opencabinet.webhooks.deliveries.model import Answer
from opencabinet.webhooks.sending import client as sender
from opencabinet.webhooks.sending import guard
from opencabinet.webhooks.sending.client import Client, printable, seconds_of
from tests.webhooks.receiving import HOST, REACH, Receiver, certificate, receiving, sending, trusting

BODY = b'{"id":"evt_1_1"}'
HEADERS = {"webhook-id": "evt_1_1"}


async def posted(client: Client, url: str) -> Answer:
    """Send something."""
    return await client.post(url, BODY, HEADERS)


async def test_an_event_arrives_as_it_was_sent(receiver: Receiver, pem: Path) -> None:
    async with sending(pem) as client:
        answer = await posted(client, receiver.url("/200/x?y=z"))

    [got] = receiver.heard
    assert answer.taken
    assert (answer.status, answer.outcome, answer.body) == (200, "taken", "said 200")
    assert (got.path, got.body, got.headers["webhook-id"]) == ("/200/x?y=z", BODY, "evt_1_1")
    assert got.headers["host"] == f"{HOST}:{receiver.port}"
    assert got.headers["content-type"] == "application/json"
    assert "cookie" not in got.headers


@pytest.mark.parametrize("status", [199 + 1, 204, 299])
async def test_what_http_calls_success_is_taken(receiver: Receiver, pem: Path, status: int) -> None:
    async with sending(pem) as client:
        assert (await posted(client, receiver.url(f"/{status}"))).taken


@pytest.mark.parametrize("status", [301, 304, 400, 401, 404, 410, 429, 500, 503])
async def test_all_else_is_refused(receiver: Receiver, pem: Path, status: int) -> None:
    async with sending(pem) as client:
        answer = await posted(client, receiver.url(f"/{status}"))

    assert not answer.taken
    assert (answer.status, answer.outcome, answer.gone) == (status, "refused", status == 410)


async def test_a_redirect_is_not_followed(receiver: Receiver, pem: Path) -> None:
    async with sending(pem) as client:
        answer = await posted(client, receiver.url("/redirect"))

    assert (answer.status, answer.taken) == (302, False)
    assert [each.path for each in receiver.heard] == ["/redirect"]


@pytest.mark.parametrize("path", ["/hang", "/drip"])
async def test_a_receiver_has_so_long_in_all(receiver: Receiver, pem: Path, path: str) -> None:
    begun = time.monotonic()
    async with sending(pem, seconds=0.5) as client:
        answer = await posted(client, receiver.url(path))

    assert (answer.status, answer.outcome) == (None, "no answer within 0.5 seconds")
    assert time.monotonic() - begun < 3
    assert answer.milliseconds >= 400


async def test_a_slow_one_is_waited_for(receiver: Receiver, pem: Path) -> None:
    async with sending(pem) as client:
        answer = await posted(client, receiver.url("/slow"))

    assert answer.taken
    assert answer.milliseconds >= 200


async def test_of_a_huge_answer_little_is_read(receiver: Receiver, pem: Path) -> None:
    begun = time.monotonic()
    async with sending(pem, seconds=10) as client:
        answer = await posted(client, receiver.url("/huge"))

    assert answer.taken
    assert answer.body == "x" * 1024
    assert time.monotonic() - begun < 3


@pytest.mark.parametrize("path", ["/garbage", "/headers", "/break"])
async def test_what_is_no_http_is_no_answer(receiver: Receiver, pem: Path, path: str) -> None:
    async with sending(pem, seconds=5) as client:
        answer = await posted(client, receiver.url(path))

    assert answer.status is None
    assert answer.outcome.startswith("the answer broke off or is no HTTP")


async def test_any_bytes_are_kept_as_text(receiver: Receiver, pem: Path) -> None:
    async with sending(pem) as client:
        answer = await posted(client, receiver.url("/binary"))

    assert answer.body.startswith("a\ufffdb\ufffd\ufffd[31m")
    assert "\x00" not in printable(bytes(range(256)) * 8)
    assert len(printable("é".encode() * 5000)) == 1024


async def test_a_certificate_must_be_good_and_of_the_host(receiver: Receiver, pem: Path, tmp_path: Path) -> None:
    other = certificate(tmp_path, "other.example.com")

    async with sending(pem, trusted=trusting(other)) as client:
        unknown = await posted(client, receiver.url())
    async with sending(pem) as client:
        another = await posted(client, receiver.url(host="else.example.com"))

    assert [each.status for each in (unknown, another)] == [None, None]
    assert unknown.outcome.startswith("the certificate is not good: self-signed certificate")
    assert "else.example.com" in another.outcome
    assert receiver.heard == []


async def test_plain_text_where_tls_is_due_is_no_answer(pem: Path) -> None:
    async def speak(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 mail.example.com\r\n")
        writer.close()
        await writer.wait_closed()

    server = await asyncio.start_server(speak, "127.0.0.1", 0)
    async with server, sending(pem) as client:
        answer = await posted(client, f"https://{HOST}:{server.sockets[0].getsockname()[1]}/")

    assert answer.outcome == "the receiver speaks no TLS that is spoken here"


@pytest.mark.parametrize("patient", [True, False])
async def test_who_never_begins_tls_is_left(pem: Path, monkeypatch: pytest.MonkeyPatch, *, patient: bool) -> None:
    monkeypatch.setattr(sender, "CONNECT_SECONDS", 5 if patient else 0.2)
    left = asyncio.Event()

    async def listen(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        left.set()
        writer.close()
        await writer.wait_closed()

    server = await asyncio.start_server(listen, "127.0.0.1", 0)
    async with server, sending(pem, seconds=0.5) as client:
        answer = await posted(client, f"https://{HOST}:{server.sockets[0].getsockname()[1]}/")
        await asyncio.wait_for(left.wait(), 5)

    assert answer.outcome == ("no answer within 0.5 seconds" if patient else "too slow: ConnectTimeout")


async def test_an_operator_may_allow_plain_http(pem: Path) -> None:
    async with receiving(None) as plain, sending(pem, reach=Reach(REACH.networks, plain_http=True)) as client:
        assert (await posted(client, f"http://{HOST}:{plain.port}/200")).taken


async def test_nobody_listening_is_no_answer(receiver: Receiver, pem: Path) -> None:
    async with sending(pem) as client:
        answer = await posted(client, f"https://{HOST}:1024/")

    assert answer.outcome == "the receiver cannot be connected to"
    assert receiver.heard == []


async def test_without_leave_this_machine_is_not_reached(receiver: Receiver, pem: Path) -> None:
    async with sending(pem, reach=Reach()) as client:
        answer = await posted(client, receiver.url())

    assert answer.outcome == "the host has an address that is not public"
    assert receiver.heard == []


@pytest.mark.parametrize("found", [["127.0.0.1", "10.0.0.1"], ["10.0.0.1", "127.0.0.1"], ["::ffff:127.0.0.1"], []])
async def test_every_address_of_a_host_must_be_good(receiver: Receiver, pem: Path, found: list[str]) -> None:
    async def several(host: str, port: int) -> list[Address]:
        del host, port
        return [ip_address(each) for each in found]

    async with sending(pem, resolve=several) as client:
        assert (await posted(client, receiver.url())).outcome.startswith("the host has ")

    assert receiver.heard == []


async def test_a_name_that_changes_its_mind_is_connected_to_as_judged(receiver: Receiver, pem: Path) -> None:
    turns = iter(["127.0.0.1", "10.0.0.1", "127.0.0.1", "169.254.169.254"])

    async def rebinding(host: str, port: int) -> list[Address]:
        del host, port
        return [ip_address(next(turns))]

    async with sending(pem, resolve=rebinding) as client:
        found = [await posted(client, receiver.url()) for _ in range(4)]

    assert [each.taken for each in found] == [True, False, True, False]
    assert {each.outcome for each in found} == {"taken", "the host has an address that is not public"}
    assert len(receiver.heard) == 2, "Each attempt looks once, and connects to what it saw."


async def test_the_next_address_is_tried_where_one_does_not_answer(receiver: Receiver, pem: Path) -> None:
    async def several(host: str, port: int) -> list[Address]:
        del host, port
        return [ip_address("127.0.0.2"), ip_address("127.0.0.1")]

    async with sending(pem, resolve=several) as client:
        assert (await posted(client, receiver.url())).taken


async def test_a_name_that_takes_long_to_look_up_is_left(
    receiver: Receiver, pem: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sender, "CONNECT_SECONDS", 0.1)

    async def never(host: str, port: int) -> list[Address]:
        del host, port
        await asyncio.sleep(60)
        return []

    async with sending(pem, resolve=never) as client:
        answer = await posted(client, receiver.url())

    assert answer.outcome == "too slow: ConnectTimeout"


async def test_proxies_of_the_environment_are_ignored(
    receiver: Receiver, pem: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY"):
        monkeypatch.setitem(os.environ, name, "http://127.0.0.1:9")

    async with sending(pem) as client:
        assert (await posted(client, receiver.url())).taken


async def test_names_are_looked_up_as_the_machine_does(receiver: Receiver, pem: Path) -> None:
    async with sending(pem, resolve=None) as client:
        own = await posted(client, receiver.url(host="localhost"))
        unknown = await posted(client, receiver.url(host="nowhere.invalid"))

    assert "certificate" in own.outcome
    assert unknown.outcome == "the host is not known"


def test_this_machine_knows_itself() -> None:
    assert guard.own(ip_address("127.0.0.1"))
    assert not guard.own(ip_address("192.0.2.1"))


async def test_this_server_is_not_sent_to_by_a_public_address_of_its_own(
    receiver: Receiver, pem: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guard, "own", lambda address: str(address) == "8.8.8.8")

    async def public(host: str, port: int) -> list[Address]:
        del host, port
        return [ip_address("8.8.8.8")]

    async with sending(pem, resolve=public, reach=Reach()) as client:
        answer = await posted(client, receiver.url())

    assert answer.outcome == "the host is this server"


@pytest.mark.parametrize(
    ("given", "seconds"),
    [
        *((b"120", 120), (b" 7 ", 7), (b"0", 0), (b"9" * 500, 999_999_999), (b"-1", None), (b"1.5", None)),
        *((b"soon", None), (None, None), (b"Thu, 01 Jan 1970 00:00:00 GMT", 0), (b"\xff", None), ("٣".encode(), None)),
    ],
)
def test_a_pause_is_read(given: bytes | None, seconds: int | None) -> None:
    assert seconds_of(given) == seconds


def test_a_moment_to_wait_for_is_read() -> None:
    assert (seconds_of(b"Fri, 01 Jan 2100 00:00:00 GMT") or 0) > 10**9


def test_ssl_is_verified_by_default() -> None:
    usual = sender.trusting()

    assert usual.verify_mode is ssl.CERT_REQUIRED
    assert usual.check_hostname
