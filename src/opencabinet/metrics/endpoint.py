"""The endpoint: answers whoever asks for the metrics, at an address of their own."""

import asyncio
import contextlib
from collections.abc import Iterable, Sequence
from http import HTTPStatus
from typing import Final

import structlog
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector
from psycopg import Error

from opencabinet.db import Pool
from opencabinet.kernel.problem import Overloaded
from opencabinet.metrics.reading import PREFIX, Here, Reader

PATH: Final = "/metrics"
LONGEST_REQUEST: Final = 16 * 1024
REQUEST_SECONDS: Final = 10
DATABASE_SECONDS: Final = 5
MOST_AT_A_TIME: Final = 8
AGAIN_SECONDS: Final = 10
TEXT: Final = "text/plain; charset=utf-8"
log = structlog.get_logger(__name__)


class Told(Collector):
    """Hands what was read to the library that writes it."""

    def __init__(self, metrics: Sequence[Metric]) -> None:
        self.metrics = metrics

    def collect(self) -> Iterable[Metric]:
        """Give everything."""
        return self.metrics


def page(metrics: Sequence[Metric]) -> bytes:
    """Return metrics as text."""
    registry = CollectorRegistry()
    registry.register(Told(metrics))
    return generate_latest(registry)


async def serve(address: tuple[str, int], url: str, told: Sequence[Reader], here: Here) -> None:
    """Answer whoever asks at an address until cancelled; one that is taken is tried again."""
    pool = Pool(url, role="opencabinet_read", size=1)
    try:
        while True:
            try:
                server = await asyncio.start_server(Answering(pool, told, here), *address, limit=LONGEST_REQUEST)
            except OSError as taken:
                log.error("metrics cannot be told", address=address, reason=taken.strerror)  # noqa: TRY400 - suffices
                await asyncio.sleep(AGAIN_SECONDS)
                continue
            async with server:
                await server.serve_forever()
    finally:
        await pool.close()


class Answering:
    """Answers one request of each connection, a few at a time."""

    def __init__(self, pool: Pool, told: Sequence[Reader], here: Here) -> None:
        self.pool = pool
        self.told = told
        self.here = here
        self.busy = 0

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Read a request, answer it, and close the connection."""
        self.busy += 1
        try:
            if self.busy <= MOST_AT_A_TIME:
                async with asyncio.timeout(REQUEST_SECONDS):
                    head = await reader.readuntil(b"\r\n\r\n")
                    status, kind, body = await self.answer(head.partition(b"\r\n")[0].decode("latin-1"))
                    writer.write(written(status, kind, body))
                    await writer.drain()
        except (TimeoutError, OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError) as broken:
            log.debug("a request for metrics broke off", reason=type(broken).__name__)
        finally:
            self.busy -= 1
            writer.close()
            with contextlib.suppress(OSError):
                await writer.wait_closed()

    async def answer(self, line: str) -> tuple[HTTPStatus, str, bytes]:
        """Return the answer to the first line of a request."""
        verb, _, rest = line.partition(" ")
        if rest.partition(" ")[0].partition("?")[0] != PATH:
            return HTTPStatus.NOT_FOUND, TEXT, b"Ask for /metrics.\n"
        if verb != "GET":
            return HTTPStatus.METHOD_NOT_ALLOWED, TEXT, b"Ask with GET.\n"
        metrics = [*await asyncio.to_thread(lambda: list(self.here())), *await self.read()]
        return HTTPStatus.OK, CONTENT_TYPE_LATEST, page(metrics)

    async def read(self) -> list[Metric]:
        """Return what the database has to tell, and whether it answers at all: without it, the rest is told."""
        found: list[Metric] = []
        try:
            async with asyncio.timeout(DATABASE_SECONDS), self.pool.lend() as conn:
                found += [metric for read in self.told for metric in await read(conn)]
        except (TimeoutError, Overloaded, Error) as away:
            log.warning("metrics cannot be read", reason=type(away).__name__)
            return [answers(up=False)]
        return [answers(up=True), *found]


def answers(*, up: bool) -> Metric:
    """Tell whether the database answers."""
    text = "1 if the database answers who asks for metrics; without it those of feeds are missing."
    return GaugeMetricFamily(f"{PREFIX}database_up", text, value=float(up))


def written(status: HTTPStatus, kind: str, body: bytes) -> bytes:
    """Return an answer as it is sent."""
    head = f"HTTP/1.1 {int(status)} {status.phrase}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n"
    return f"{head}Cache-Control: no-store\r\nConnection: close\r\n\r\n".encode() + body
