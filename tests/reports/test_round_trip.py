"""What is written in MetaTrader's layouts is read back as it was: import(export(x)) = x."""

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from msgspec.structs import asdict, replace

from opencabinet.db import Connection
from opencabinet.ingest import Statement
from opencabinet.ingest.formats import parsed
from opencabinet.ingest.model import Closing, Deal, Moved, Opened, Ordered
from opencabinet.ingest.reading import read
from opencabinet.kernel.ids import Granted
from opencabinet.kernel.period import EVER
from opencabinet.reports import Form, Layout
from opencabinet.reports.rows import Source
from tests.needs import data
from tests.reports.asking import load, written
from tests.samples.pages import printed_after
from tests.statements import statements

Row = Closing | Opened | Ordered | Moved | Deal

REAL = pytest.mark.parametrize(
    "name",
    [
        "mt4/mt4-eur-credit-zeroed.htm",
        "mt4/mt4-eur-darwinex-2017.htm",
        "mt4/mt4-jpy-386-trades-later-snapshot.htm",
        "mt4/mt4-usd-112-closed-19-open.htm",
        "mt4/mt4-usd-22-balance-ops-open.htm",
        "mt4/mt4-usd-cp1251-partial-history.htm",
        "mt4/mt4-usd-gbk-xauusd-cancelled.htm",
        "mt4/mt4-usd-nomoney-open-working.htm",
        "mt4/mt4-usd-unofficial-statement.htm",
        "mt5/mt5-en-eur-658-trades-85-open.html",
        "mt5/mt5-en-usd-close-by.xlsx",
        "mt5/mt5-ja-utf16-jpy-open-working.html",
    ],
)


def number(row: Row) -> int:
    match row:
        case Closing() | Moved():
            return row.ticket
        case Opened():
            return row.position
        case Ordered():
            return row.order
        case Deal():
            return row.deal


def rows(told: Statement) -> dict[str, Any]:
    """Return the rows of a statement by number: brokers sort them as their client last looked at them."""
    kinds = ("closings", "opened", "orders", "moves", "deals")
    return {kind: sorted(getattr(told, kind), key=number) for kind in kinds}


def head(told: Statement) -> dict[str, Any]:
    """Return what a layout holds of an account; that of MetaTrader 4 names the company outside its rows."""
    kept = ("number", "name", "currency", "leverage", "mode", "snapshot")
    return {name: getattr(told, name) for name in kept} | {"as_of": told.as_of().replace(second=0, microsecond=0)}


async def stored(conn: Connection, login: Granted) -> list[Any]:
    """Return every row that is kept of an account, without its login."""
    source = Source(conn, login, EVER)
    found: list[Any] = []
    async with conn.transaction():
        lists = (source.closed(), source.opened(), source.ended(), source.working(), source.moved(), source.deals())
        for batches in lists:
            async for batch in batches:
                found += batch
    return [asdict(row) | {"login": None} for row in found]


@given(told=statements())
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_any_statement_comes_back_as_it_was(committed: Connection, told: Statement) -> None:
    login = await load(committed, told)
    back = parsed(await written(committed, login, Form.HTML, Layout(told.platform)))
    second = await load(committed, back)

    assert rows(back) == rows(told)
    assert head(back) == head(replace(told, number=back.number))
    assert back.contradictions == ()
    assert await stored(committed, second) == await stored(committed, login)


@REAL
async def test_a_real_statement_comes_back_as_it_was(committed: Connection, name: str) -> None:
    told = read(data(name))
    login = await load(committed, told)
    content = await written(committed, login, Form.HTML, Layout(told.platform))
    back = parsed(content)
    second = await load(committed, back)

    assert rows(back) == rows(told)
    assert head(back) == head(told)
    assert back.contradictions == told.contradictions
    assert await stored(committed, second) == await stored(committed, login)
    if printed := figures(name):
        assert printed_after(content, "Details:" if told.platform == "mt4" else "Results") == printed


def figures(name: str) -> list[str] | None:
    """Return the statistics MetaTrader printed below a statement, rounded as a page has them."""
    printed = json.loads(data("expected.json").read_text())[name]["printed"]
    found = printed.get("details") or printed.get("results")
    return [*found.values()] if found and not name.endswith("xlsx") else None
