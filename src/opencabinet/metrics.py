"""Metrics for the operator, in Prometheus' text form, at an address of their own: never where the world asks."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Final, get_args

import structlog
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector
from psycopg import Error

from opencabinet.db import Connection, Pool, outbox
from opencabinet.ingest.feeds.model import State
from opencabinet.ingest.feeds.standing import Standing, standing
from opencabinet.kernel.problem import Overloaded

PATH: Final = "/metrics"
LONGEST_REQUEST: Final = 16 * 1024
REQUEST_SECONDS: Final = 10
MOST_AT_A_TIME: Final = 8
AGAIN_SECONDS: Final = 10
TEXT: Final = "text/plain; charset=utf-8"
Reader = Callable[[Connection], Awaitable[Iterable[Metric]]]
"""What a room has to tell: it is asked each time somebody reads the metrics."""
log = structlog.get_logger(__name__)


def readers(silent: timedelta) -> tuple[Reader, ...]:
    """Return everything that is told; a room that has more to tell gets its line here."""

    async def feeds(conn: Connection) -> Iterable[Metric]:
        return of_feeds(await standing(conn, silent), datetime.now(UTC))

    return (feeds, followers)


async def followers(conn: Connection) -> Iterable[Metric]:
    """Tell how far each follower of the outbox is behind."""
    text = "Events that a follower of the outbox has before it, up to 100,000."
    metric = GaugeMetricFamily("opencabinet_outbox_events_behind", text, labels=["follower"])
    for each in await outbox.behind(conn):
        metric.add_metric([each.name], each.events)
    return [metric]


def of_feeds(feeds: Sequence[Standing], now: datetime) -> Iterator[Metric]:
    """Tell how feeds stand at a moment."""
    lags = {each.server: lag.total_seconds() for each in feeds if (lag := each.lag(now)) is not None}
    silences = {each.server: max((now - each.heard_at).total_seconds(), 0) for each in feeds}
    sweeps = {each.server: (now - each.swept_at).total_seconds() for each in feeds if each.swept_at}
    yield gauge("feed_lag_seconds", "Age of the newest that is known of a trading server.", lags)
    yield gauge("feed_silent_seconds", "Since when a feed was not heard of.", silences)
    yield gauge("feed_sweep_age_seconds", "Since when all of a trading server was last compared.", sweeps)
    parked = {each.server: float(each.parked or 0) for each in feeds}
    yield gauge("feed_parked_rows", "Rows that wait for their account, up to a million.", parked)
    rows = CounterMetricFamily("opencabinet_feed_rows", "Rows that a feed has told.", labels=["server"])
    for each in feeds:
        rows.add_metric([each.server], each.rows)
    yield rows
    states = GaugeMetricFamily("opencabinet_feed_state", "1 for the state of a feed.", labels=["server", "state"])
    for each in feeds:
        for state in get_args(State):
            states.add_metric([each.server, state], float(each.state == state))
    yield states


def gauge(name: str, text: str, figures: dict[str, float]) -> Metric:
    """Return a figure of each server."""
    metric = GaugeMetricFamily(f"opencabinet_{name}", text, labels=["server"])
    for server, figure in figures.items():
        metric.add_metric([server], figure)
    return metric


class Told(Collector):
    """Hands what was read to the library that writes it."""

    def __init__(self, metrics: Sequence[Metric]) -> None:
        self.metrics = metrics

    def collect(self) -> Iterable[Metric]:
        """Give everything."""
        return self.metrics


async def page(conn: Connection, told: Sequence[Reader]) -> bytes:
    """Return the metrics as text."""
    registry = CollectorRegistry()
    registry.register(Told([metric for read in told for metric in await read(conn)]))
    return generate_latest(registry)


async def serve(address: tuple[str, int], url: str, told: Sequence[Reader]) -> None:
    """Answer whoever asks at an address until cancelled; one that is taken is tried again."""
    pool = Pool(url, role="opencabinet_read", size=1)
    try:
        while True:
            try:
                server = await asyncio.start_server(Answering(pool, told), *address, limit=LONGEST_REQUEST)
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

    def __init__(self, pool: Pool, told: Sequence[Reader]) -> None:
        self.pool = pool
        self.told = told
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
        try:
            async with self.pool.lend() as conn:
                return HTTPStatus.OK, CONTENT_TYPE_LATEST, await page(conn, self.told)
        except (Overloaded, Error) as away:
            log.warning("metrics cannot be read", reason=type(away).__name__)
            return HTTPStatus.SERVICE_UNAVAILABLE, TEXT, b"The database does not answer.\n"


def written(status: HTTPStatus, kind: str, body: bytes) -> bytes:
    """Return an answer as it is sent."""
    head = f"HTTP/1.1 {int(status)} {status.phrase}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n"
    return f"{head}Cache-Control: no-store\r\nConnection: close\r\n\r\n".encode() + body
