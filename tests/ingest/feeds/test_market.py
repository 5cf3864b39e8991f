"""What feeds tell of prices, and what open trades are worth by it."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from opencabinet import market, valuations
from opencabinet.db import Connection
from opencabinet.ingest import feeds
from opencabinet.ingest.feeds import FeedRefused, InstrumentRow, QuoteRow, Row, markets
from opencabinet.kernel.ids import Login
from tests.ingest.feeds.rows import SERVER, account, at, movement, opened, say

SECOND = 1 / 60
PAIR = InstrumentRow(symbol="EURUSD", digits=5, contract_size=Decimal(100_000), calculation="forex")


def quote(minute: float, bid: str, ask: str = "2") -> QuoteRow:
    """Return a quote of so many minutes after the start."""
    return QuoteRow(symbol="EURUSD", bid=Decimal(bid), ask=Decimal(ask), quoted_at=at(minute))


async def candles(conn: Connection) -> list[tuple[object, ...]]:
    """Give the candles of a minute, oldest first."""
    found = (await market.candles(conn, SERVER, "EURUSD", "M1", limit=10)).rows
    return [(each.at, each.open, each.high, each.low, each.close, each.ticks) for each in reversed(found)]


async def test_every_tick_of_a_batch_is_in_its_candle(conn: Connection) -> None:
    await feeds.know(conn, SERVER, "push", "UTC")
    bids = ("1.1", "1.2", "1.05", "1.11")

    told = await say(conn, *(quote(nth * SECOND, bid) for nth, bid in enumerate(bids)), quote(1, "1.3"))

    assert told.rows == 5
    assert await candles(conn) == [
        (at(0), Decimal("1.1"), Decimal("1.2"), Decimal("1.05"), Decimal("1.11"), 4),
        (at(1), *[Decimal("1.3")] * 4, 1),
    ]


async def test_ticks_of_a_large_batch_are_kept_piece_by_piece(conn: Connection) -> None:
    await feeds.know(conn, SERVER, "push", "UTC")
    many = markets.QUOTES_AT_ONCE + 1

    await say(conn, *(quote(nth / many, str(1 + Decimal(nth) / 10_000)) for nth in range(many)))

    [(_, first, highest, lowest, last, ticks)] = await candles(conn)
    assert (first, highest, lowest, last, ticks) == (1, Decimal("1.5"), 1, Decimal("1.5"), many)


async def test_a_side_without_a_price_is_not_told(conn: Connection) -> None:
    await feeds.know(conn, SERVER, "push", "UTC")

    await say(conn, quote(0, "0", "1.2"), quote(1, "1.1", "0"))

    assert await candles(conn) == [(at(1), *[Decimal("1.1")] * 4, 1)]
    found = (await market.quotes(conn, SERVER, ["EURUSD"]))["EURUSD"]
    assert (found.bid, found.ask) == (Decimal("1.1"), None)


async def test_what_is_yet_to_come_is_refused_for_nothing_would_ever_replace_it(conn: Connection) -> None:
    await feeds.know(conn, SERVER, "push", "UTC")
    later = (datetime.now(UTC) - at(0)) / timedelta(minutes=1) + 2 * 24 * 60

    with pytest.raises(FeedRefused, match=r"quote EURUSD: quoted_at is yet to come\."):
        await say(conn, quote(later, "1.1"))
    with pytest.raises(FeedRefused, match=r"account 1001: as_of is yet to come\."):
        await say(conn, account(as_of=later))


async def test_a_newer_report_of_money_does_not_take_an_open_trade_back_to_an_older_price(conn: Connection) -> None:
    await feeds.know(conn, SERVER, "push", "UTC")
    rows: list[Row] = [account(platform="mt4", balance="1000"), opened(5, profit="0", current_price="1.1"), PAIR]
    await say(conn, *rows, as_of=at(1))
    await say(conn, quote(2, "1.08"), as_of=at(2))

    await say(conn, movement(9, "100"), account(platform="mt4", balance="1100", as_of=3), as_of=at(3))

    found = await valuations.valued(conn, Login(1001))
    [trade] = found.trades
    assert (trade.trade.current_price, trade.trade.profit, trade.priced_at) == (Decimal("1.08"), Decimal(-2000), at(2))
    assert (found.equity, found.floating, found.priced_at) == (Decimal(-900), Decimal(-2000), at(2))


async def test_a_trade_is_priced_as_of_its_own_report_whatever_else_is_told(conn: Connection) -> None:
    await feeds.know(conn, SERVER, "push", "UTC")
    await say(conn, account(platform="mt4", balance="1000"), opened(5, profit="-40"), as_of=at(1))

    await say(conn, movement(9, "100"), account(platform="mt4", balance="1100", as_of=3), as_of=at(3))

    found = await valuations.valued(conn, Login(1001))
    assert (found.trades[0].trade.profit, found.trades[0].priced_at) == (Decimal(-40), at(1))
    await say(conn, opened(5, profit="-50", current_price="1.0995"), as_of=at(4))
    found = await valuations.valued(conn, Login(1001))
    assert (found.trades[0].trade.profit, found.trades[0].priced_at) == (Decimal(-50), at(4))
    assert (found.equity, found.floating, found.priced_at) == (Decimal(1050), Decimal(-50), at(4))
    assert found.as_account.equity == 1050, "What was told of its trades is known, though no report told its equity."
