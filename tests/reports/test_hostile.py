"""Names, symbols and comments that would like to be more than text, in every form."""

import csv
import io
import json

import pytest
from openpyxl import load_workbook
from openpyxl.utils.escape import unescape
from selectolax.lexbor import LexborHTMLParser

from opencabinet.db import Connection
from opencabinet.ingest.formats import parsed
from opencabinet.kernel.ids import Granted
from opencabinet.paper.delimited import safe
from opencabinet.reports import Form, Layout
from tests import make
from tests.paper.making import HOSTILE
from tests.reports.asking import written

TEXTS = [text for text in HOSTILE if len(text) < 60]


async def account(conn: Connection) -> Granted:
    """Return an account whose every text is hostile, a trade for each."""
    made = await make.account(conn, name=TEXTS[15], company=TEXTS[18])
    for text in TEXTS:
        await make.closed_trade(conn, made.login, comment=text, symbol=text[:64])
    await make.open_trade(conn, made.login, comment=TEXTS[16], symbol=TEXTS[17])
    return Granted(made.login)


async def test_json_gives_every_text_back(committed: Connection) -> None:
    found = json.loads(await written(committed, await account(committed), Form.JSON))

    assert [row["comment"] for row in found["closed_trades"]] == TEXTS
    assert found["statement"]["name"] == TEXTS[15]


async def test_a_spreadsheet_takes_none_for_a_formula(committed: Connection) -> None:
    content = (await written(committed, await account(committed), Form.CSV)).decode("utf-8-sig")
    rows = [row for row in csv.DictReader(io.StringIO(content, newline="")) if row["kind"] == "trade"]

    assert [row["comment"] for row in rows] == [safe(text) for text in TEXTS]
    assert {(row["swap"], row["amount"]) for row in rows} == {("-1.2", "63.8")}


async def test_a_workbook_has_no_formula(committed: Connection) -> None:
    book = load_workbook(io.BytesIO(await written(committed, await account(committed), Form.XLSX)))
    sheet = book["Closed trades"]
    comments = [unescape(str(row[-1].value)) for row in sheet.iter_rows(min_row=2)]

    assert comments == TEXTS
    assert {cell.data_type for each in book for row in each.iter_rows() for cell in row} <= {"s", "n", "d"}


async def test_a_page_has_no_script(committed: Connection) -> None:
    page = LexborHTMLParser((await written(committed, await account(committed), Form.HTML)).decode())

    assert [tag for tag in ("script", "img", "iframe", "a", "link") if page.css(tag)] == []
    assert len(page.css("section tbody tr")) == len(TEXTS) + 1


async def test_a_printed_document_is_made(committed: Connection) -> None:
    assert (await written(committed, await account(committed), Form.PDF)).startswith(b"%PDF")


@pytest.mark.parametrize("platform", ["mt4", "mt5"])
async def test_the_layouts_read_back_with_every_row(committed: Connection, platform: str) -> None:
    made = await make.account(committed, platform=platform, name=TEXTS[15])
    comments = [" ".join(text.split()) for text in TEXTS if text.isprintable()]
    for text in comments:
        await make.open_trade(committed, made.login, comment=text)
    back = parsed(await written(committed, Granted(made.login), Form.HTML, Layout(platform)))

    assert sorted(row.comment for row in back.opened) == sorted(comments)
    assert back.name == TEXTS[15]


async def test_a_comment_that_looks_like_an_experts_number_is_kept(committed: Connection) -> None:
    made = await make.account(committed)
    await make.open_trade(committed, made.login, comment="#12 by #13")
    back = parsed(await written(committed, Granted(made.login), Form.HTML, Layout.MT4))

    assert [row.comment for row in back.opened] == ["#12 by #13"]
