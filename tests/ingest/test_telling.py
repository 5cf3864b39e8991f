"""What real statements tell of the market."""

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from opencabinet import ingest, market, samples
from opencabinet.db import Connection
from opencabinet.ingest import Statement, telling
from opencabinet.ingest.reading import read
from opencabinet.market import Instrument, Quote
from tests import make, needs
from tests.statements import statements

ROWS = "SELECT count(*) FROM quotes WHERE server = 'Server'"
FACTS = """
SELECT to_jsonb(instruments)::text FROM instruments UNION ALL SELECT to_jsonb(quotes)::text FROM quotes ORDER BY 1
"""
OLDER = "mt4/mt4-jpy-360-trades-4-open.htm"
NEWER = "mt4/mt4-jpy-386-trades-later-snapshot.htm"


async def load(conn: Connection, name: str) -> Statement:
    """Load a real statement."""
    statement = needs.statement(name)
    await ingest.load(conn, statement, server="Server", rule="NewYork+7", now=make.LATER)
    return statement


async def known(conn: Connection, symbol: str) -> Instrument:
    """Give what is known of a symbol."""
    return (await market.instruments(conn, "Server", [symbol]))[symbol]


async def last(conn: Connection, symbol: str) -> Quote:
    """Give the last quote of a symbol."""
    return (await market.quotes(conn, "Server", [symbol]))[symbol]


@pytest.mark.parametrize(
    ("name", "symbol", "digits", "pair", "size"),
    [
        ("mt4/mt4-usd-gbk-xauusd-cancelled.htm", "XAUUSD", 2, ("XAU", "USD"), 100),
        ("mt4/mt4-usd-gbk-xauusd-cancelled.htm", "EURUSD", 5, ("EUR", "USD"), 100_000),
        (OLDER, "EURJPY.", 3, ("EUR", "JPY"), 100_000),
        ("mt4/mt4-jpy-6711-trades-256-open.htm", "AUDJPY", 3, ("AUD", "JPY"), 100_000),
        ("mt5/mt5-en-usd-partial-closes.xlsx", "xauusd", 2, ("XAU", "USD"), 100),
        # The rate changes with each closing, so they prove nothing.
        ("mt4/mt4-eur-credit-zeroed.htm", "XAUUSD-STD", 2, ("XAU", "USD"), None),
        ("mt5/mt5-en-eur-658-trades-85-open.html", "EURUSD", 5, ("EUR", "USD"), None),
        # No currency is named, so it is not known in what money profit was counted.
        ("mt4/mt4-usd-nomoney-open-working.htm", "UKOUSD", 2, (None, None), None),
        ("mt5/mt5-en-usd-credit-open-formulas.xlsx", "GOLD", 2, (None, None), None),
        # One trade is not enough.
        ("mt4/mt4-usd-single-trade-no-pf.htm", "EURUSD", 5, ("EUR", "USD"), None),
        # Those that closed each other share their profit, and too few are left.
        ("mt5/mt5-en-usd-close-by.xlsx", "EURUSD", 5, ("EUR", "USD"), None),
        ("mt5/mt5-en-usd-close-by.xlsx", "GBPUSD", 5, ("GBP", "USD"), 100_000),
    ],
)
async def test_a_real_statement_tells_what_it_proves_and_no_more(
    conn: Connection, name: str, symbol: str, digits: int, pair: tuple[str | None, str | None], size: int | None
) -> None:
    await load(conn, name)
    found = await known(conn, symbol)

    assert (found.digits, (found.base_currency, found.profit_currency)) == (digits, pair)
    assert found.contract_size == size
    assert found.told_by == "statement"


async def test_open_trades_tell_the_bid_and_the_ask_at_the_time_of_the_statement(conn: Connection) -> None:
    statement = await load(conn, "mt4/mt4-usd-112-closed-19-open.htm")
    quote = await last(conn, "EURGBPi")

    assert (quote.bid, quote.ask) == (Decimal("0.89177"), Decimal("0.89184"))
    assert quote.quoted_at == await conn.value("SELECT as_of FROM accounts")
    assert {row.symbol for row in statement.opened} == {"eurgbpi"}


async def test_an_older_statement_changes_no_quote(conn: Connection) -> None:
    await load(conn, NEWER)
    before = await last(conn, "usdjpy.")
    await load(conn, OLDER)

    assert await last(conn, "usdjpy.") == before
    assert (await last(conn, "audusd.")).ask == Decimal("0.69162")
    assert await conn.value(ROWS) == 3


async def test_the_same_statement_again_changes_nothing(conn: Connection) -> None:
    await load(conn, NEWER)
    before = await conn.values(FACTS)
    await load(conn, NEWER)

    assert await conn.values(FACTS) == before
    assert len(before) > 10


async def test_two_accounts_of_a_server_tell_of_the_same_instrument(conn: Connection) -> None:
    files = Path(samples.__file__).parent / "files"
    for name in ("mt4-1001003.htm", "mt4-1001001.htm"):
        await ingest.load(conn, read(files / name), server="Server", rule="NewYork+7", now=make.LATER)

    assert (await known(conn, "USDJPY")).contract_size == 100_000  # the account in yen proves it
    assert (await known(conn, "XAUUSD")).contract_size == 100
    assert await conn.value("SELECT count(*) FROM instruments WHERE folded = 'usdjpy'") == 1


async def test_a_refused_statement_tells_nothing(conn: Connection) -> None:
    statement = needs.statement(NEWER)
    with pytest.raises(ingest.Unreadable):
        await ingest.load(conn, statement, server="Server", rule="UTC", now=make.NOW.replace(year=2000))

    assert await conn.values(FACTS) == []


@given(statement=statements())
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_any_statement_can_tell_its_symbols(conn: Connection, statement: Statement) -> None:
    async with conn.transaction(force_rollback=True):
        await ingest.load(conn, statement, server="Server", rule="UTC", now=make.LATER)
        symbols = {row.symbol for row in (*statement.closings, *statement.opened)}

        assert {*await market.instruments(conn, "Server", sorted(symbols))} == symbols
        quoted = {row.symbol for row in statement.opened}
        assert {*await market.quotes(conn, "Server", sorted(symbols))} == quoted


def test_the_price_of_an_open_position_may_be_an_average_and_tells_no_digits() -> None:
    statement = needs.statement("mt5/mt5-en-eur-658-trades-85-open.html")
    digits = {each.symbol: each.digits for each in telling.instruments(statement, "Server")}

    assert digits == {"EURUSD": 5, "GBPUSD": 5, "USDCHF": 5, "USDJPY": 3}
