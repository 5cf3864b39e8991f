from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec import structs

from opencabinet import accounts, market
from opencabinet.db import Connection, Upserted
from opencabinet.market import Instrument, Quote, Teller
from tests import make
from tests.market.test_model import instrument

SERVER = "S"
LATER, EARLIER = make.NOW + timedelta(hours=1), make.NOW - timedelta(hours=1)


@pytest.fixture(autouse=True)
async def _server(conn: Connection) -> None:
    """Know a server."""
    await accounts.know_server(conn, SERVER, "UTC")
    await accounts.know_server(conn, "Elsewhere", "UTC")


def told(size: str | None, **given: Any) -> Instrument:
    """Make what a statement tells."""
    return instrument(told_by="statement", contract_size=size and Decimal(size), **given)


def quote(bid: str | None, ask: str | None = None, **given: Any) -> Quote:
    """Make a quote of EURUSD, now and by a statement unless something else is given."""
    usual: dict[str, Any] = {"server": SERVER, "symbol": "EURUSD", "quoted_at": make.NOW, "told_by": "statement"}
    return Quote(**usual | {"bid": bid and Decimal(bid), "ask": ask and Decimal(ask)} | given)


async def known(conn: Connection, symbol: str = "EURUSD") -> Instrument:
    """Give what is known of a symbol."""
    return (await market.instruments(conn, SERVER, [symbol]))[symbol]


async def size(conn: Connection) -> Decimal | None:
    """Give the contract size that is known."""
    return (await known(conn)).contract_size


async def last(conn: Connection) -> tuple[Decimal | None, Decimal | None]:
    """Give the last bid and ask."""
    found = (await market.quotes(conn, SERVER, ["EURUSD"]))["EURUSD"]
    return found.bid, found.ask


async def test_an_instrument_is_kept_as_it_is_and_once(conn: Connection) -> None:
    said = instrument(tick_size=Decimal("0.5"), tick_value=Decimal("12.5"))

    assert await market.save_instruments(conn, [said]) == Upserted(1, 0)
    assert await market.save_instruments(conn, [said]) == Upserted()
    found = await known(conn)
    assert structs.replace(found, updated_at=None) == said
    assert found.updated_at is not None


async def test_a_symbol_is_found_whatever_its_case(conn: Connection) -> None:
    await market.save_instruments(conn, [instrument(symbol="EURUSD.m")])
    await market.save_quotes(conn, [quote("1.1", symbol="eurusd.M")])

    assert {*await market.instruments(conn, SERVER, ["eurusd.m", "EURUSD.M", "EURUSD"])} == {"eurusd.m", "EURUSD.M"}
    assert {*await market.quotes(conn, SERVER, ["EURUSD.m", "x"])} == {"EURUSD.m"}
    assert await market.symbols(conn, SERVER, limit=9) == ["eurusd.m"]


async def test_each_server_has_its_own(conn: Connection) -> None:
    await market.save_instruments(conn, [instrument(), instrument(server="Elsewhere", digits=4)])

    assert (await known(conn)).digits == 5
    assert (await market.instruments(conn, "Elsewhere", ["EURUSD"]))["EURUSD"].digits == 4
    assert await market.instruments(conn, "Nowhere", ["EURUSD"]) == {}


async def test_what_the_operator_says_wins_whenever_it_is_said(conn: Connection) -> None:
    said = instrument(symbol="EURUSD", contract_size=Decimal(10_000), digits=4)
    await market.save_instruments(conn, [said])
    await market.save_instruments(conn, [told("100000", symbol="eurusd")])

    found = await known(conn)
    assert (found.symbol, found.contract_size, found.digits, found.told_by) == (
        "EURUSD",
        Decimal(10_000),
        4,
        "operator",
    )


async def test_what_the_operator_does_not_say_statements_tell(conn: Connection) -> None:
    await market.save_instruments(conn, [told("100000")])
    await market.save_instruments(conn, [instrument(contract_size=None, base_currency=None)])

    found = await known(conn)
    assert (found.contract_size, found.base_currency, found.told_by) == (Decimal(100_000), "EUR", "operator")


async def test_statements_that_disagree_are_not_believed_in_any_order(conn: Connection) -> None:
    for each in ("100000", None, "10000", "100000", "10000", None):
        await market.save_instruments(conn, [told(each)])
    assert await size(conn) is None

    await market.save_instruments(conn, [instrument(contract_size=Decimal(10_000))])
    assert await size(conn) == 10_000


async def test_a_statement_that_proves_nothing_takes_nothing_back(conn: Connection) -> None:
    await market.save_instruments(conn, [told("100000", digits=5)])

    assert await market.save_instruments(conn, [told(None, digits=4)]) == Upserted()
    assert (await size(conn), (await known(conn)).digits) == (Decimal(100_000), 5)


async def test_a_quote_is_replaced_by_a_newer_one_and_never_by_an_older(conn: Connection) -> None:
    await market.save_quotes(conn, [quote("1.1", "1.2")])
    assert await market.save_quotes(conn, [quote("1.0", quoted_at=EARLIER, told_by="operator")]) == Upserted()
    assert await last(conn) == (Decimal("1.1"), Decimal("1.2"))

    assert await market.save_quotes(conn, [quote("1.3", quoted_at=LATER)]) == Upserted(0, 1)
    assert await last(conn) == (Decimal("1.3"), None)


async def test_quotes_of_one_moment_fill_each_other_and_the_operator_wins(conn: Connection) -> None:
    await market.save_quotes(conn, [quote("1.1")])
    await market.save_quotes(conn, [quote("1.0", "1.2")])
    assert await last(conn) == (Decimal("1.1"), Decimal("1.2"))

    await market.save_quotes(conn, [quote("1.15", told_by="operator")])
    assert await last(conn) == (Decimal("1.15"), Decimal("1.2"))
    assert await market.save_quotes(conn, [quote("1.0", "1.0")]) == Upserted()


@given(moments=st.lists(st.tuples(st.integers(0, 5), st.booleans()), min_size=1, max_size=8))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_whatever_the_order_the_newest_quote_is_kept_and_again_changes_nothing(
    conn: Connection, moments: list[tuple[int, bool]]
) -> None:
    async with conn.transaction(force_rollback=True):
        rows = [
            quote(
                str(1 + hour),
                quoted_at=make.NOW + hour * timedelta(hours=1),
                told_by="operator" if said else "statement",
            )
            for hour, said in moments
        ]
        for row in rows:
            await market.save_quotes(conn, [row])

        newest = max(hour for hour, _ in moments)
        found = (await market.quotes(conn, SERVER, ["EURUSD"]))["EURUSD"]
        assert found.bid == 1 + newest
        assert found.told_by == ("operator" if (newest, True) in moments else "statement")
        for row in rows:
            assert await market.save_quotes(conn, [row]) == Upserted()


async def test_symbols_are_listed_in_order_and_in_pieces(conn: Connection) -> None:
    await market.save_instruments(conn, [instrument(symbol=each) for each in ("GBPUSD", "eurusd", "XAUUSD")])
    await market.save_quotes(conn, [quote("1.1", symbol="AUDUSD"), quote("2", symbol="XauUsd")])

    first = await market.symbols(conn, SERVER, limit=2)
    rest = await market.symbols(conn, SERVER, after=first[-1], limit=9)

    assert (first, rest) == (["audusd", "eurusd"], ["gbpusd", "xauusd"])


def fed(**given: Any) -> Instrument:
    """Make what a feed tells."""
    return instrument(told_by="feed", **given)


async def test_what_a_feed_tells_stands_between_the_operator_and_statements(conn: Connection) -> None:
    await market.save_instruments(conn, [told("100000", digits=4)])
    await market.save_instruments(
        conn, [fed(contract_size=Decimal(1000), digits=3, tick_size=Decimal("0.1"), tick_value=Decimal(2))]
    )
    found = await known(conn)
    assert (found.contract_size, found.digits, found.tick_value) == (Decimal(1000), 3, Decimal(2))
    assert found.told_by == "feed"

    await market.save_instruments(
        conn, [instrument(contract_size=Decimal(10), digits=2, tick_size=Decimal(1), tick_value=None)]
    )
    found = await known(conn)
    assert (found.contract_size, found.digits, found.tick_size, found.tick_value) == (Decimal(10), 2, Decimal(1), None)
    assert found.told_by == "operator"


async def test_a_feed_replaces_what_it_told_before_and_says_margin_and_swap(conn: Connection) -> None:
    await market.save_instruments(conn, [fed(margin_initial=Decimal(500), calculation="futures")])
    newer = fed(
        margin_currency="EUR",
        calculation="forex",
        margin_rate=Decimal("1.5"),
        margin_hedged=Decimal(50_000),
        swap_mode="points",
        swap_long=Decimal("-6.2"),
        swap_short=Decimal("1.1"),
        swap_triple_day=3,
    )

    assert await market.save_instruments(conn, [newer]) == Upserted(0, 1)
    assert await market.save_instruments(conn, [newer]) == Upserted()
    assert structs.replace(await known(conn), updated_at=None) == newer


async def test_a_figure_that_a_server_keeps_as_zero_is_not_known(conn: Connection) -> None:
    zero = Decimal(0)
    await market.save_instruments(
        conn,
        [fed(contract_size=zero, tick_size=zero, tick_value=zero, margin_initial=zero, margin_rate=zero)],
    )

    found = await known(conn)
    assert (found.contract_size, found.tick_size, found.tick_value) == (None, None, None)
    assert (found.margin_initial, found.margin_rate) == (None, None)


async def test_of_one_moment_the_later_word_of_a_feed_counts_and_the_operators_most(conn: Connection) -> None:
    await market.save_quotes(conn, [quote("1.1", "1.2")])
    await market.save_quotes(conn, [quote("1.3", "1.4", told_by="feed")])
    assert await market.save_quotes(conn, [quote("1.4", "1.5", told_by="feed")]) == Upserted(0, 1)
    assert await market.save_quotes(conn, [quote("1.1", "1.2")]) == Upserted()
    assert await last(conn) == (Decimal("1.4"), Decimal("1.5"))

    await market.save_quotes(conn, [quote("2", told_by="operator")])
    assert await market.save_quotes(conn, [quote("1.4", "1.6", told_by="feed")]) == Upserted()
    assert await last(conn) == (Decimal(2), Decimal("1.5"))


async def test_of_many_quotes_the_newest_is_kept_and_of_one_moment_the_last(conn: Connection) -> None:
    rows = [quote("1", told_by="feed"), quote("3", quoted_at=LATER, told_by="feed"), quote("2", told_by="feed")]
    last_word = quote("4", symbol="eurusd", quoted_at=LATER, told_by="feed")

    assert await market.save_quotes(conn, [*rows, last_word]) == Upserted(1, 0)
    assert await last(conn) == (Decimal(4), None)


@pytest.mark.parametrize("teller", ["feed", "operator", "statement"])
async def test_of_a_symbol_that_is_told_twice_at_once_the_last_counts(conn: Connection, teller: Teller) -> None:
    symbols = {"EURUSD": 4, "eurusd": 5}

    await market.save_instruments(
        conn, [instrument(symbol=name, digits=digits, told_by=teller) for name, digits in symbols.items()]
    )

    assert (await known(conn)).digits == 5
