"""Bodies that are huge, endless or deep: refused before they are read, in bounded memory, while others are answered."""

import asyncio
import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from opencabinet.access.feeding import NewFeedKey, make_feed_key
from opencabinet.db import Connection
from opencabinet.ingest import feeds
from opencabinet.settings import Settings
from tests.clients.framing import statuses
from tests.clients.pressure import asking
from tests.clients.serving import Server, serving

pytestmark = pytest.mark.torture

GIBIBYTE: Final = 2**30
UNDER_WAY: Final = 16 * 2**20
"""What may be under way in the buffers of both sides, and be told for sent."""
GROWTH: Final = 128 * 2**20
PIECE: Final = b"[" * 2**16
BLOCKED: Final = 0.3
"""Nobody waits longer; 0.1 on a machine that does nothing else."""
SECONDS: Final = 30


@pytest.fixture(scope="module")
def server(settings: Settings, home: Path) -> Iterator[Server]:
    with serving(settings, home / "huge.log") as running:
        yield running
    assert '"event": "failed"' not in running.log.read_text()


def resident(server: Server) -> int:
    """Return the most bytes that a web process of a server has taken."""
    lines = [Path(f"/proc/{each}/status").read_text().splitlines() for each in server.web_workers()]
    return max(int(line.split()[1]) * 1024 for own in lines for line in own if line.startswith("VmHWM:"))


async def pour(port: int, head: bytes, *, chunked: bool) -> tuple[list[int], int]:
    """Send a gibibyte, or as much of it as is taken; give the statuses of the answers and how much that was."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    piece = b"%x\r\n%b\r\n" % (len(PIECE), PIECE) if chunked else PIECE
    sent, heard = 0, b""
    length = b"Transfer-Encoding: chunked\r\n" if chunked else b"Content-Length: %d\r\n" % GIBIBYTE
    with contextlib.suppress(ConnectionError, TimeoutError):
        async with asyncio.timeout(SECONDS):
            writer.write(head + length + b"\r\n")
            listening = asyncio.create_task(reader.read(65536))
            while sent < GIBIBYTE and not listening.done():
                writer.write(piece)
                await writer.drain()
                sent += len(PIECE)
            heard = await listening
    writer.transport.abort()
    return statuses(heard), sent


def head(path: str, **headers: str) -> bytes:
    """Return the head of a request, without its length."""
    lines = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
    return f"POST {path} HTTP/1.1\r\nHost: a\r\n{lines}".encode()


@pytest.mark.parametrize("chunked", [False, True], ids=["announced", "in chunks"])
async def test_a_gibibyte_is_refused_before_it_is_read(server: Server, committed: Connection, *, chunked: bool) -> None:
    key = (await make_feed_key(committed, NewFeedKey(name="bridge", servers=("Live-1",)))).secret
    await feeds.know(committed, "Live-1", "push", "UTC")
    bearing = {"Authorization": f"Bearer {key}", "Content_Type": "application/x-ndjson"}
    largest = Settings().largest_ingest
    asked = {
        head("/api/Authentication/RequestClientApiToken", Content_Type="application/json"): 2**16,
        head("/v1/tokens", Content_Type="application/json"): 2**16,
        head("/v1/ingest?server=Live-1&sequence=1", **bearing): largest + UNDER_WAY,
        head("/nothing"): 2**16,
    }
    before = resident(server)
    async with asking(server) as took:
        for request, most in asked.items():
            found, sent = await pour(server.port, request, chunked=chunked)
            assert found in ([413], [404], []), "It is refused, and whoever goes on sending may not hear it."
            assert sent <= most + UNDER_WAY, request

    assert resident(server) - before < GROWTH
    assert max(took) < BLOCKED


async def test_what_is_deep_is_refused_at_once(server: Server, committed: Connection) -> None:
    key = (await make_feed_key(committed, NewFeedKey(name="bridge", servers=("Live-1",)))).secret
    await feeds.know(committed, "Live-1", "push", "UTC")
    deep = {"lists": b"[" * 100_000, "objects": b'{"a":' * 20_000, "closed": b"[" * 30_000 + b"]" * 30_000}
    heads = {
        head("/v1/tokens", Content_Type="application/json"): 2**16,
        head("/api/Authentication/RequestClientApiToken", Content_Type="application/json"): 2**16,
        head(
            "/v1/ingest?server=Live-1&sequence=1", Authorization=f"Bearer {key}", Content_Type="application/x-ndjson"
        ): 2**24,
    }
    async with asking(server) as took:
        for request, most in heads.items():
            for name, body in deep.items():
                reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
                writer.write(request + b"Content-Length: %d\r\n\r\n" % len(body) + body)
                found = statuses(await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), SECONDS))
                writer.transport.abort()
                assert found[0] in ({413} if len(body) > most else {400, 413, 422}), (request, name)
    assert max(took) < BLOCKED
    assert server.answers()
