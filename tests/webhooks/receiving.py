"""A receiver of webhooks over real TLS, which behaves as its paths say."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Network, ip_address
from pathlib import Path
from typing import Any, Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from opencabinet.access import Address
from opencabinet.webhooks import Reach
from opencabinet.webhooks.sending.client import Client

HOST: Final = "hooks.example.com"
REACH: Final = Reach((IPv4Network("127.0.0.0/8"),))
"""Webhooks of the tests go to this machine."""
ENOUGH: Final = 15


Strange = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


async def hang(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
    """Say nothing for as long as somebody waits."""
    await reader.read()


async def slow(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Think for a while."""
    await asyncio.sleep(0.2)
    writer.write(response(200, b"at last"))


async def drip(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answer letter by letter."""
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
    while True:
        writer.write(b".")
        await writer.drain()
        await asyncio.sleep(0.05)


async def huge(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answer without an end."""
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n")
    with suppress(OSError):
        for _turn in range(1_000):
            writer.write(b"x" * 65_536)
            await writer.drain()


def saying(text: bytes) -> Strange:
    """Return what answers with these bytes."""

    async def say(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(text)

    return say


def response(status: int, body: bytes, more: str = "") -> bytes:
    """Write an answer."""
    return f"HTTP/1.1 {status} So\r\n{more}Content-Length: {len(body)}\r\n\r\n".encode() + body


STRANGE: Final[dict[str, Strange]] = {
    "hang": hang,
    "slow": slow,
    "drip": drip,
    "huge": huge,
    "garbage": saying(b"\x00\x01 no HTTP at all\r\n\r\n"),
    "headers": saying(b"HTTP/1.1 200 OK\r\nX-Long: " + b"y" * 1_000_000 + b"\r\n\r\n"),
    "break": saying(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf"),
    "binary": saying(response(200, b"a\x00b\xff\x1b[31m\xed\xa0\x80")),
}
"""What is answered under paths that begin so."""


class Heard:
    """A request that came."""

    def __init__(self, path: str, headers: dict[str, str], body: bytes) -> None:
        self.path = path
        self.headers = headers
        self.body = body


class Receiver:
    """Takes what is posted, and answers by the path: a status, or something worse."""

    def __init__(self) -> None:
        self.heard: list[Heard] = []
        self.port = 0
        self.statuses: dict[str, list[int]] = {}
        """What a path answers in turn; the last of it from then on."""
        self.retry_after = ""
        self.open = 0
        self.most_open = 0

    def url(self, path: str = "/200", host: str = HOST) -> str:
        """Return the address of a path."""
        return f"https://{host}:{self.port}{path}"

    async def take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Take one request."""
        self.open += 1
        self.most_open = max(self.most_open, self.open)
        try:
            with suppress(OSError, asyncio.IncompleteReadError, ssl.SSLError):
                await self._answer(await heard(reader), reader, writer)
        finally:
            self.open -= 1
            writer.close()
            with suppress(OSError, ssl.SSLError):
                await writer.wait_closed()

    async def _answer(self, got: Heard, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.heard.append(got)
        kind = got.path.strip("/").partition("/")[0].partition("?")[0]
        if kind in STRANGE:
            await STRANGE[kind](reader, writer)
        else:
            writer.write(self._usual(got.path, kind))
        await writer.drain()

    def _usual(self, path: str, kind: str) -> bytes:
        if kind == "redirect":
            return response(302, b"elsewhere", f"Location: {self.url('/200')}\r\n")
        turns = self.statuses.get(path, [int(kind)] if kind.isdigit() else [200])
        status = turns.pop(0) if len(turns) > 1 else turns[0]
        pause = f"Retry-After: {self.retry_after}\r\n" if self.retry_after else ""
        return response(status, f"said {status}".encode(), pause)

    async def wait(self, count: int) -> list[Heard]:
        """Wait until so many requests came."""
        await until(lambda: len(self.heard) >= count)
        return self.heard


async def until(holds: Callable[[], Any]) -> None:
    """Wait until something holds."""
    async with asyncio.timeout(ENOUGH):
        while not holds():  # noqa: ASYNC110 - a receiver tells no one
            await asyncio.sleep(0.02)


async def heard(reader: asyncio.StreamReader) -> Heard:
    """Read a request."""
    head = (await reader.readuntil(b"\r\n\r\n")).decode("ascii").split("\r\n")
    headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in head[1:] if line)}
    return Heard(head[0].split()[1], headers, await reader.readexactly(int(headers["content-length"])))


def certificate(folder: Path, *names: str) -> Path:
    """Make a certificate that says it itself, with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, names[0])])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(each) for each in names]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(
            x509.KeyUsage(
                digital_signature=True,
                key_cert_sign=True,
                crl_sign=True,
                content_commitment=False,
                key_encipherment=False,
                data_encipherment=False,
                key_agreement=False,
                encipher_only=False,
                decipher_only=False,
            ),
            critical=True,
        )
        .sign(key, hashes.SHA256())
    )
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path = folder / f"{names[0]}.pem"
    path.write_bytes(secret + made.public_bytes(serialization.Encoding.PEM))
    return path


def trusting(path: Path) -> ssl.SSLContext:
    """Return what trusts a certificate of ours and nobody else."""
    return ssl.create_default_context(cafile=str(path))


@asynccontextmanager
async def receiving(path: Path | None) -> AsyncIterator[Receiver]:
    """Let a receiver listen meanwhile; without a certificate over plain http."""
    receiver, context = Receiver(), None
    if path:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(path)
    tasks = set[asyncio.Task[None]]()

    def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(receiver.take(reader, writer))
        tasks.add(task)
        task.add_done_callback(tasks.discard)

    server = await asyncio.start_server(take, "127.0.0.1", 0, ssl=context)
    receiver.port = server.sockets[0].getsockname()[1]
    try:
        yield receiver
    finally:
        server.close()
        for task in list(tasks):
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def here(host: str, port: int) -> list[Address]:
    """Say that every host is this machine."""
    del host, port
    return [ip_address("127.0.0.1")]


@asynccontextmanager
async def sending(path: Path, *, reach: Reach = REACH, **given: Any) -> AsyncIterator[Client]:
    """Give a client that trusts the receiver."""
    usual: dict[str, Any] = {"trusted": trusting(path), "resolve": here, "seconds": 1.0}
    client = Client(reach, **usual | given)
    try:
        yield client
    finally:
        await client.close()
