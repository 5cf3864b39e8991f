"""The simulator conforms: it says its own stories, and what must be known of them is what its batches add up to."""

from collections.abc import AsyncIterator, Iterator, Sequence
from decimal import Decimal
from typing import Any

import pytest

from opencabinet.db import Connection
from opencabinet.ingest import feeds
from opencabinet.ingest.feeds import Batch, ClosedRow, DealRow, MovementRow, OpenRow, OrderRow, Row
from opencabinet.ingest.feeds.model import Ready
from opencabinet.ingest.feeds.simulator import CLOCK, SERVERS, Broker
from tests.ingest.feeds import conformance
from tests.ingest.feeds.simulator.kept import DAY, HOUR, MONDAY, Kept
from tests.ingest.feeds.steps import Known, Step

BUSY = MONDAY + 4 * DAY + 10 * HOUR
END = BUSY + 120
TRADED = {"buy", "sell"}
OTHER = {"buy": "sell", "sell": "buy"}


def ordered() -> Broker:
    """Give a broker of some days and a busy time in which much happens."""
    broker = Broker(7, MONDAY)
    incidents = (
        *(("busy", None), ("reversal", 2001002), ("stop_out", 1001002), ("correction", 1001001)),
        *(("reversal", 2001002), ("deletion", 1001001), ("triple_swap", 2001001), ("deletion", 2001002)),
    )
    for place, (name, number) in enumerate(incidents):
        broker.incident(name, number, at=BUSY + 1 + 10 * place)
    return broker


def told(server: str) -> Iterator[tuple[Batch, Known]]:
    """Give what a server says step by step, and what must be known then."""
    broker, kept = ordered(), Kept()
    for until in (MONDAY + 12 * HOUR, MONDAY + 2 * DAY, BUSY, *range(BUSY + 5, END + 1, 5)):
        [batch] = [one for one in broker.advance(until) if one.server == server]
        yield batch, expected(kept.hear([batch]))


def expected(kept: Kept) -> Known:
    """Say what must be known of the rows that count."""
    rows = [row for key, row in kept.rows.items() if key[0] != "account"]
    return Known(
        accounts={row.number: (figure(row.balance), figure(row.credit), True) for row in kept.accounts()},
        closed=dict(closing(row) for row in rows if ends(row)),
        opened={row.position or 0: (row.side, row.lots, row.open_price) for row in rows if isinstance(row, OpenRow)},
        orders={row.ticket: (row.price, row.state) for row in rows if isinstance(row, OrderRow)},
        movements=dict(moved(row) for row in rows if isinstance(row, MovementRow | DealRow) and not traded(row)),
    )


def figure(told: Decimal | None) -> Decimal:
    """Return a figure that is always told."""
    assert told is not None
    return told


def traded(row: Row) -> bool:
    return isinstance(row, DealRow) and row.type in TRADED


def ends(row: Row) -> bool:
    """Tell whether a row closes something."""
    return isinstance(row, ClosedRow) or (isinstance(row, DealRow) and traded(row) and row.direction != "in")


def closing(row: Any) -> tuple[int, tuple[Any, ...]]:
    net = row.profit + row.swap + row.commission + row.fee
    if isinstance(row, DealRow):
        prices = row.position_price, row.price
        return row.deal, (row.position, OTHER[row.type], row.lots_closed, *prices, net)
    return row.ticket, (row.position, row.side, row.lots, row.open_price, row.close_price, net)


def moved(row: MovementRow | DealRow) -> tuple[int, tuple[Any, ...]]:
    if isinstance(row, DealRow):
        return row.deal, (row.type, row.profit)
    return row.ticket, (row.kind, row.amount)


class Simulated:
    """Says what a server of the invented broker says; of several steps at once, what it says after all of them."""

    def __init__(self, database: str, server: str) -> None:
        self.server, self.database = server, database
        self.conn: Connection | None = None
        said = [*told(server)]
        self.batches = {str(place): batch for place, (batch, _) in enumerate(said)}
        self.story: Sequence[Step] = [
            Step(
                str(place),
                tuple(row for row in batch.rows if not isinstance(row, Ready)),
                batch.whole,
                known,
                once=False,
            )
            for place, (batch, known) in enumerate(said)
        ]

    async def say(self, *steps: Step) -> None:
        """Bring a batch in."""
        if self.conn is None or self.conn.closed:
            self.conn = await Connection.open(self.database, role="opencabinet_feed")
        batch = self.batches[steps[-1].name]
        if len(steps) > 1:
            [batch] = [one for one in ordered().advance(END) if one.server == self.server]
        await feeds.apply(self.conn, batch)

    async def close(self) -> None:
        """Hang up."""
        if self.conn:
            await self.conn.close()


@pytest.fixture(params=SERVERS.values())
async def speaker(request: pytest.FixtureRequest, database: str, committed: Connection) -> AsyncIterator[Simulated]:
    """Each server's speaker."""
    made = Simulated(database, request.param)
    await feeds.know(committed, made.server, "simulator", CLOCK)
    yield made
    await made.close()


async def test_each_step(speaker: Simulated, committed: Connection) -> None:
    await conformance.each_step(speaker, committed)


async def test_all_at_once(speaker: Simulated, committed: Connection) -> None:
    await conformance.all_at_once(speaker, committed)


async def test_killed_at_random_moments(speaker: Simulated, committed: Connection) -> None:
    await conformance.killed(speaker, committed, times=len(speaker.story), seed=5)
