import json
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given, settings
from msgspec.structs import replace

from opencabinet.ingest.formats import parsed
from opencabinet.ingest.model import Closing, Moved, Ordered, Statement
from opencabinet.ingest.reading import read
from opencabinet.samples.people import PEOPLE
from opencabinet.samples.story import statement
from tests.needs import data
from tests.samples.pages import held, laid_out, printed_after
from tests.statements import statements

EXPECTED = "expected.json"
"""Figures that MetaTrader printed, beside the statements it printed them in."""

REAL = pytest.mark.parametrize(
    "name",
    [
        "mt4/mt4-eur-credit-zeroed.htm",
        "mt4/mt4-eur-darwinex-2017.htm",
        "mt4/mt4-jpy-386-trades-later-snapshot.htm",
        "mt4/mt4-usd-112-closed-19-open.htm",
        "mt4/mt4-usd-cp1251-partial-history.htm",
        "mt4/mt4-usd-gbk-xauusd-cancelled.htm",
        "mt4/mt4-usd-nomoney-open-working.htm",
        "mt4/mt4-usd-single-trade-no-pf.htm",
        "mt4/mt4-usd-unofficial-statement.htm",
        "mt4/mt4-usd-utf8-spanish.htm",
        "mt5/mt5-en-eur-658-trades-85-open.html",
        "mt5/mt5-en-utf16-usd-close-by.html",
        "mt5/mt5-ja-utf16-jpy-open-working.html",
    ],
)


@settings(deadline=None, max_examples=100)
@given(statements())
def test_any_statement_reads_back_as_it_was_written(told: Statement) -> None:
    assert parsed(laid_out(told)) == told


@settings(deadline=None, max_examples=50)
@given(statements())
def test_a_random_statement_is_consistent(told: Statement) -> None:
    traded = told.results()
    moved = sum((move.amount for move in told.moves if move.kind not in {"credit", "bonus"}), Decimal(0))
    tickets = [row.ticket for row in told.closings] + [row.ticket for row in told.moves]
    assert told.snapshot.balance == moved + traded
    assert len(set(tickets)) == len(tickets)
    assert all(row.opened_at is not None and row.opened_at < row.closed_at for row in told.closings)
    assert all(before.dealt_at <= after.dealt_at for before, after in pairwise(told.deals))


def test_a_name_cannot_break_the_page() -> None:
    for person in PEOPLE:
        told = replace(statement(person), name='<script>"x"</script> & {{ 1 }}')
        assert parsed(laid_out(told)).name == told.name


def expected() -> dict[str, dict[str, dict[str, dict[str, str]]]]:
    found: dict[str, dict[str, dict[str, dict[str, str]]]] = json.loads(data(EXPECTED).read_text())
    return found


@REAL
def test_the_statistics_are_those_metatrader_prints(name: str) -> None:
    printed = expected()[name]["printed"]
    again = laid_out(read(data(name)))
    title, figures = ("Details:", "details") if name.startswith("mt4") else ("Results", "results")
    assert printed_after(again, title) == [*printed[figures].values()]


@REAL
def test_a_real_statement_keeps_its_rows_and_its_account_block(name: str) -> None:
    told = read(data(name))
    again = parsed(laid_out(told))
    assert again.snapshot == told.snapshot
    assert in_order(again) == in_order(held(told))


def in_order(told: Statement) -> Statement:
    """Return a statement with its rows by number: brokers sort them as their client last looked at them."""

    def number(row: Closing | Moved | Ordered) -> int:
        return row.order if isinstance(row, Ordered) else row.ticket

    return replace(
        told,
        closings=tuple(sorted(told.closings, key=number)),
        orders=tuple(sorted(told.orders, key=number)),
        moves=tuple(sorted(told.moves, key=number)),
    )
