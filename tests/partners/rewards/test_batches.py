"""What events ask for: together and once each, no more than is worked out at a time."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opencabinet.db.outbox import Event, Place
from opencabinet.kernel.ids import Login, Ticket
from opencabinet.partners.following import TRADES_AT_ONCE, batch
from opencabinet.partners.rewards.accruing.ahead import ahead
from opencabinet.partners.rewards.accruing.model import ALWAYS, Ask, Waiting, merged
from opencabinet.partners.rewards.waiting.store import still
from tests.partners.rewards.programme import CLOSED

SPANS = st.tuples(st.sampled_from([Login(1), Login(2)]), st.integers(1, 30), st.integers(0, 9))
ASKS = st.lists(SPANS.map(lambda it: Ask(it[0], it[1], it[1] + it[2])))


def event(number: int, kind: str, **body: Any) -> Event:
    return Event(login=Login(1), number=number, kind=kind, body=body, xid=number, id=number, at=CLOSED)


def loaded(number: int, first: int, last: int, table: str = "closed_trades") -> Event:
    return event(number, "trades.loaded", table=table, rows=last - first + 1, first=first, last=last)


@given(asks=ASKS)
def test_every_ticket_is_asked_for_once(asks: list[Ask]) -> None:
    wanted = {(ask.login, number) for ask in asks for number in range(ask.first, ask.last + 1)}

    found = [(ask.login, number) for ask in merged(asks) for number in range(ask.first, ask.last + 1)]

    assert len(found) == len(set(found))
    assert {*found} == wanted


def test_what_overlaps_is_asked_for_as_the_wider_says() -> None:
    one, other = Ask(Login(1), 1, 5, CLOSED, anew=True), Ask(Login(1), 5, 9)

    assert merged([other, one]) == [Ask(Login(1), 1, 9, ALWAYS, anew=True)]


def test_each_kind_of_event_asks_for_its_own() -> None:
    since = (CLOSED - timedelta(days=1)).isoformat()
    found = batch(
        [
            event(1, "trade.closed", ticket=7),
            event(2, "trade.corrected", ticket=8),
            event(3, "trade.removed", ticket=9),
            loaded(4, 20, 29),
            loaded(5, 20, 25, "deals"),
            loaded(6, 40, 50, "orders"),
            event(7, "movement.booked", ticket=3),
            event(8, "referral.changed", since=CLOSED.isoformat()),
            event(9, "referral.changed", since=since),
            event(10, "account.changed", balance="1"),
        ]
    )

    assert merged(found.asks) == [Ask(Login(1), *span) for span in ((7, 7), (8, 8), (20, 29))]
    assert found.gone == {(Login(1), Ticket(9))}
    assert found.moved == {Login(1)}
    assert found.anew == {Login(1): CLOSED - timedelta(days=1)}
    assert found.place == Place(xid=10, id=10)
    found.only([])
    assert (found.asks, found.gone, found.moved, found.anew) == ([], set(), set(), {})


def test_a_batch_ends_with_the_event_that_tells_of_enough() -> None:
    half = TRADES_AT_ONCE // 2

    found = batch([loaded(number, number * half, number * half + half - 1) for number in range(1, 5)])

    assert found.place == Place(xid=2, id=2)
    assert batch([loaded(1, 1, 10 * TRADES_AT_ONCE), loaded(2, 1, 1)]).place == Place(xid=1, id=1)


def test_nothing_waits_no_more_while_it_still_does() -> None:
    one, other = [Waiting(Login(1), number, number, ALWAYS, "rate", CLOSED) for number in (1, 2)]
    failed = Waiting(Login(1), 1, 1, ALWAYS, "failed", CLOSED)

    assert still([one, other, failed], {(Login(1), Ticket(1)): "rate"}) == [other, failed]


async def test_the_next_page_is_made_while_one_is_worked_on() -> None:
    made: list[int] = []

    async def pages() -> AsyncGenerator[int, None]:
        for number in range(3):
            await asyncio.sleep(0)
            made.append(number)
            yield number

    found = []
    async with aclosing(ahead(pages())) as coming:
        async for page in coming:
            await asyncio.sleep(0.01)
            assert made[-1] == min(page + 1, 2)
            found.append(page)

    assert found == [0, 1, 2]


async def test_what_is_being_made_ends_when_nobody_wants_it() -> None:
    ended: list[str] = []

    async def pages() -> AsyncGenerator[int, None]:
        try:
            yield 1
            await asyncio.sleep(60)
            yield 2
        finally:
            ended.append("ended")

    async with aclosing(ahead(pages())) as coming:
        async for _ in coming:
            await asyncio.sleep(0)
            break

    assert ended == ["ended"]


async def test_what_fails_while_it_is_made_is_told_where_it_is_wanted() -> None:
    async def pages() -> AsyncGenerator[int, None]:
        yield 1
        raise ValueError

    found = []
    with pytest.raises(ValueError):  # noqa: PT011 - as it is raised above
        async with aclosing(ahead(pages())) as coming:
            found.extend([page async for page in coming])

    assert found == []
