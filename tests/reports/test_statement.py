"""Statements in every form: whole, of the right rows, and adding up."""

import asyncio
import csv
import io
import json
import re
from contextlib import aclosing
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader
from selectolax.lexbor import LexborHTMLParser

from opencabinet import ledger, reports
from opencabinet.accounts import NoSuchAccount
from opencabinet.db import Connection
from opencabinet.ingest.formats import parsed
from opencabinet.ingest.reading import read
from opencabinet.kernel.ids import Granted, Login, Ticket
from opencabinet.kernel.period import EVER, Period
from opencabinet.ledger import Movement
from opencabinet.reports import Form, Layout, NoSuchLayout, file_name, media_type
from opencabinet.samples.__main__ import FILES
from tests import make
from tests.reports.asking import load, written

SPRING = Period(datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 6, 1, tzinfo=UTC))
SAMPLES = pytest.mark.parametrize("name", ["mt4-1001002.htm", "mt5-2001001.html"])
PERIODS = pytest.mark.parametrize("period", [EVER, SPRING], ids=["ever", "spring"])


async def spoken(conn: Connection, login: Granted, period: Period = EVER) -> Any:
    return json.loads(await written(conn, login, Form.JSON, period=period))


async def booked(conn: Connection, login: Granted, period: Period = EVER) -> list[dict[str, str]]:
    content = (await written(conn, login, Form.CSV, period=period)).decode("utf-8-sig")
    return [*csv.DictReader(io.StringIO(content, newline=""))]


async def test_csv_reads_nothing_but_what_it_tells(committed: Connection, database: str) -> None:
    login = await load(committed, read(FILES / "mt4-1001002.htm"))
    async with await Connection.open(database) as other, other.transaction():
        await other.execute("LOCK TABLE orders, instruments IN ACCESS EXCLUSIVE MODE")  # orders are told in other forms
        async with asyncio.timeout(5):
            pieces = reports.statement(committed, login, EVER, Form.CSV, now=make.NOW)
            async with aclosing(pieces):
                assert (await anext(pieces)).decode("utf-8-sig").startswith("kind,time,")


def total(rows: list[dict[str, Any]], name: str) -> Decimal:
    return sum((Decimal(row[name]) for row in rows), Decimal(0))


@SAMPLES
@PERIODS
async def test_json_adds_up(committed: Connection, name: str, period: Period) -> None:
    found = await spoken(committed, await load(committed, read(FILES / name)), period)
    summary, moved = found["summary"], [row for row in found["movements"] if row["kind"] not in ledger.CREDIT]
    entered = [row for row in found.get("deals", []) if row["direction"] == "in" and row["symbol"]]
    parts = [Decimal(summary[part]) for part in ("opening_balance", "movements", "results", "costs")]

    assert found["closed_trades"]
    assert sum(parts) == Decimal(summary["closing_balance"])
    assert total(found["closed_trades"], "result") == Decimal(summary["results"])
    assert total(moved, "amount") == Decimal(summary["movements"])
    assert total(entered, "result") == Decimal(summary["costs"])
    assert len(found["closed_trades"]) == summary["closed_trades"]["count"]
    assert summary["complete"] is True


@SAMPLES
@PERIODS
async def test_a_spreadsheet_runs_from_the_opening_to_the_closing_balance(
    committed: Connection, name: str, period: Period
) -> None:
    login = await load(committed, read(FILES / name))
    summary = (await spoken(committed, login, period))["summary"]
    first, *rows, last = await booked(committed, login, period)
    balance = Decimal(first["balance"])
    for row in rows:
        balance += 0 if row["kind"] in ledger.CREDIT else Decimal(row["amount"])
        assert Decimal(row["balance"]) == balance

    assert (first["kind"], last["kind"]) == ("opening balance", "closing balance")
    assert Decimal(first["balance"]) == Decimal(summary["opening_balance"])
    assert Decimal(last["balance"]) == balance == Decimal(summary["closing_balance"])
    assert [row["time"] for row in rows] == sorted(row["time"] for row in rows)


async def test_every_figure_is_a_plain_string_and_every_moment_is_told_twice(committed: Connection) -> None:
    account = await make.account(committed)
    await make.closed_trade(
        committed, account.login, profit=Decimal("1E-7"), contract_size=Decimal(10000), lots=Decimal("0.30")
    )
    await make.closed_trade(committed, account.login, open_price=None, opened_at=None, opened_offset=None)
    one, other = (await spoken(committed, Granted(account.login)))["closed_trades"]

    assert (one["profit"], one["swap"], one["result"]) == ("0.0000001", "-1.2", "-1.1999999")
    assert [one[key] for key in ("lots", "units", "contract_size", "standard_lots")] == ["0.3", "3000", "10000", "0.03"]
    assert [other[key] for key in ("units", "contract_size", "standard_lots")] == [None] * 3
    assert [one["closed_at"], one["closed_at_broker"]] == ["2026-11-02T11:00:00.000Z", "2026-11-02T13:00:00"]
    assert [other["opened_at"], other["opened_at_broker"], other["open_price"]] == [None] * 3


async def test_a_period_excludes_its_end(committed: Connection) -> None:
    account = await make.account(committed)
    at = make.NOW - timedelta(days=3)
    for hours in (0, 1, 2):
        await make.closed_trade(
            committed, account.login, closed_at=at + timedelta(hours=hours), ticket=Ticket(hours + 1)
        )
    found = await spoken(committed, Granted(account.login), Period(at, at + timedelta(hours=2)))

    assert [row["ticket"] for row in found["closed_trades"]] == [1, 2]
    assert [found["statement"]["from"], found["statement"]["to"]] == [
        "2026-10-30T12:00:00.000Z",
        "2026-10-30T14:00:00.000Z",
    ]


async def test_what_is_open_is_told_only_where_the_period_reaches_the_last_report(committed: Connection) -> None:
    login = await load(committed, read(FILES / "mt4-1001002.htm"))
    ever, spring = await spoken(committed, login), await spoken(committed, login, SPRING)
    worth = ("floating", "equity", "margin", "free_margin")

    assert ever["open_trades"]
    assert ever["working_orders"]
    assert all(ever["summary"][name] is not None for name in worth)
    assert ever["summary"]["unknown_because"] is None
    assert "open_trades" not in spring
    assert "working_orders" not in spring
    assert [spring["summary"][name] for name in worth] == [None] * 4
    assert "only as last reported" in spring["summary"]["unknown_because"]


async def test_credit_is_that_of_the_end_of_the_period(committed: Connection) -> None:
    account = await make.account(committed, credit=Decimal(300), balance=Decimal(0))
    for ticket, days in ((1, 30), (2, 1)):
        amount, at = Decimal(100 * ticket), make.NOW - timedelta(days=days)
        row = Movement(
            login=account.login,
            ticket=Ticket(ticket),
            kind="credit",
            amount=amount,
            moved_at=at,
            moved_offset=0,
            comment="",
        )
        await ledger.save(committed, [row])
    before = Period(EVER.since, make.NOW - timedelta(days=2))

    assert (await spoken(committed, Granted(account.login)))["summary"]["credit"] == "300"
    assert (await spoken(committed, Granted(account.login), before))["summary"]["credit"] == "100"
    assert {row["balance"] for row in await booked(committed, Granted(account.login))} == {"0"}


@SAMPLES
async def test_every_form_tells_the_same_result(committed: Connection, name: str) -> None:
    login = await load(committed, read(FILES / name))
    summary = (await spoken(committed, login))["summary"]
    result = Decimal(summary["closed_trades"]["result"])
    text = f"{result:,.2f}" if summary["closed_trades"]["count"] else ""
    shown = text.replace(",", "\u202f").replace("-", "\u2212")
    page = LexborHTMLParser((await written(committed, login, Form.HTML)).decode())
    book = load_workbook(io.BytesIO(await written(committed, login, Form.XLSX)))
    paper = PdfReader(io.BytesIO(await written(committed, login, Form.PDF)))
    columns = [cell.value for cell in book["Closed trades"][1]]
    trades = book["Closed trades"].iter_rows(min_row=2, values_only=True)

    # A workbook holds figures as numbers of fifteen digits.
    assert sum(round(Decimal(str(row[columns.index("Result")])), 2) for row in trades) == result
    assert page.css("tfoot td")[14].text() == shown
    assert shown.replace("\u202f", "") in "".join(it.extract_text() for it in paper.pages).replace("\u202f", "")


async def test_an_account_without_rows_has_a_statement_in_every_form(committed: Connection) -> None:
    for platform in ("mt4", "mt5"):
        account = await make.account(committed, platform=platform, balance=Decimal(0), equity=None)
        login = Granted(account.login)
        found = await spoken(committed, login)
        back = parsed(await written(committed, login, Form.HTML, Layout(platform)))

        assert (found["closed_trades"], found["summary"]["equity"]) == ([], "0")
        assert [row["kind"] for row in await booked(committed, login)] == ["opening balance", "closing balance"]
        assert (back.rows(), back.snapshot.balance) == (0, Decimal(0))
        assert back.number == account.login
        assert b"None." in await written(committed, login, Form.HTML)
        assert (await written(committed, login, Form.PDF)).startswith(b"%PDF")
        assert load_workbook(io.BytesIO(await written(committed, login, Form.XLSX)))["Closed trades"].max_row == 1


async def test_rows_the_balance_does_not_explain_are_said(committed: Connection) -> None:
    told = read(FILES / "mt4-1001002.htm")
    login = await load(
        committed, type(told)(**{name: getattr(told, name) for name in told.__struct_fields__} | {"moves": ()})
    )
    page = (await written(committed, login, Form.HTML)).decode()
    found = await spoken(committed, login)

    assert "Not complete" in page
    assert "Not explained by the rows known" in page
    assert found["summary"]["complete"] is False
    assert found["summary"]["reason"]
    assert [row["kind"] for row in found["movements"]] == ["opening"]
    assert b"<td>opening</td>" not in await written(committed, login, Form.HTML, Layout.MT4)


@pytest.mark.parametrize("form", [form for form in Form if form is not Form.HTML])
async def test_a_layout_of_metatrader_is_a_page_only(committed: Connection, form: Form) -> None:
    account = await make.account(committed)
    with pytest.raises(NoSuchLayout, match="html only"):
        await written(committed, Granted(account.login), form, Layout.MT4)


@pytest.mark.parametrize(("platform", "layout"), [("mt4", Layout.MT5), ("mt5", Layout.MT4)])
async def test_an_account_has_only_its_own_platforms_layout(
    committed: Connection, platform: str, layout: Layout
) -> None:
    account = await make.account(committed, platform=platform)
    with pytest.raises(NoSuchLayout, match=f"is of {platform}"):
        await written(committed, Granted(account.login), Form.HTML, layout)


@pytest.mark.parametrize("layout", [Layout.MT4, Layout.MT5])
async def test_a_statement_without_a_currency_is_not_laid_out_as_metatrader_prints_it(
    committed: Connection, layout: Layout
) -> None:
    account = await make.account(committed, platform=str(layout), currency="")
    with pytest.raises(NoSuchLayout, match="no currency"):
        await written(committed, Granted(account.login), Form.HTML, layout)


@SAMPLES
async def test_a_layout_of_an_earlier_period_has_the_decimals_of_its_currency(committed: Connection, name: str) -> None:
    told = read(FILES / name)
    login = await load(committed, told)
    content = await written(committed, login, Form.HTML, Layout(told.platform), SPRING)
    figures = re.findall(r">(-?\d[\d ]*\.\d+)<", content.decode("utf-16" if told.platform == "mt5" else "ascii"))
    back = parsed(content).snapshot

    assert back.equity == back.balance + back.credit
    assert len(figures) > 9
    assert [figure for figure in figures if len(figure.partition(".")[2]) > 5] == []


async def test_there_is_no_statement_of_an_account_that_is_not_there(committed: Connection) -> None:
    with pytest.raises(NoSuchAccount):
        await written(committed, Granted(Login(1)), Form.JSON)


def test_a_file_is_named_for_its_login_and_days() -> None:
    assert file_name(Login(7), EVER, Form.PDF) == "statement-7.pdf"
    assert file_name(Login(7), SPRING, Form.CSV) == "statement-7-from-2026-03-01-to-2026-06-01.csv"


def test_every_form_has_its_media_type() -> None:
    assert len({media_type(form) for form in Form}) == len(Form)


async def test_a_contract_size_that_only_the_market_knows_is_told(committed: Connection) -> None:
    login = await load(committed, read(FILES / "mt4-1001001.htm"))

    sizes = {row["symbol"]: row["contract_size"] for row in (await spoken(committed, login))["closed_trades"]}
    rows = [row for row in await booked(committed, login) if row["kind"] == "trade"]

    assert set(sizes.values()) >= {"100000"}
    assert {row["symbol"]: row["contract_size"] or None for row in rows} == sizes
