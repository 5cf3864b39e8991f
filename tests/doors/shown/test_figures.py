"""Every rendering of a widget carries v1's own figures, and v1's own moment."""

from decimal import Decimal
from typing import Any

import httpx
import pytest

from opencabinet.access import Redaction
from opencabinet.db import Connection
from opencabinet.doors.showing import asking
from opencabinet.doors.showing.definitions import WIDGETS
from opencabinet.doors.showing.model import Chart, Shown
from opencabinet.doors.showing.options import Options
from opencabinet.kernel.ids import Login
from opencabinet.kernel.money import nearest
from tests import demonstration, make
from tests.doors.redactions import opened
from tests.doors.shown import reading
from tests.doors.shown.asking import OF_ACCOUNTS, shown
from tests.doors.v1.asking import asked

ADDED_UP = ("open/totals/net", "/total", "/year")
"""What is made of v1's figures here: the sum of open trades, and a year of months."""


@pytest.fixture
async def login(committed: Connection) -> Login:
    """An account of a real statement, open to everybody."""
    found, file = min(demonstration.files().items())
    await demonstration.import_sample(committed, file, found)
    await opened(committed, found, Redaction())
    return found


async def of_v1(site: httpx.AsyncClient, name: str, login: Login) -> Any:
    """Return what v1 answers to the question of a widget, asked from outside."""
    [question] = WIDGETS[name].questions
    options = Options.read({}, now=make.NOW)
    given: dict[str, Any] = dict(question.query(options))
    return await asked(site, asking.address(question, str(login), {}), None, **given)


@pytest.mark.parametrize("lang", ["en", "ar"])
@pytest.mark.parametrize("name", OF_ACCOUNTS)
async def test_every_rendering_carries_the_same_figures_and_the_same_moment(
    site: httpx.AsyncClient, login: Login, name: str, lang: str
) -> None:
    found = await shown(site, name, login, lang=lang)

    told = {key: reading.words(cell.text) for key, cell in reading.cells(found).items()}
    in_html, in_tree, as_text = reading.by_key(found), reading.of_tree(found), reading.words(reading.lines(found))
    assert told or name == "bonus"
    assert {key: in_html[key] for key in told} == told
    assert {key: in_tree[key] for key in told} == told
    assert [each for each in told.values() if each not in as_text] == []
    moments = [each.attributes["datetime"] for each in reading.page(found).css(".oc-as-of time")]
    assert moments == [found.honesty.as_of]
    assert found.honesty.as_of_text in as_text
    assert f"({found.honesty.as_of})" in as_text


@pytest.mark.parametrize("name", OF_ACCOUNTS)
async def test_its_figures_are_those_of_v1_to_the_last_digit(site: httpx.AsyncClient, login: Login, name: str) -> None:
    found, given = await shown(site, name, login), await of_v1(site, name, login)

    own = set(reading.strings(given))
    values = {key: each.value for key, each in reading.cells(found).items() if each.value is not None}
    made = {key for key, value in values.items() if value not in own}
    assert all(key.endswith(ADDED_UP) for key in made), made
    assert found.honesty.as_of == given["as_of"]


@pytest.mark.parametrize("name", OF_ACCOUNTS)
async def test_what_people_read_is_the_figure_rounded_and_no_other(
    site: httpx.AsyncClient, login: Login, name: str
) -> None:
    found = await shown(site, name, login)

    for key, cell in reading.cells(found).items():
        if cell.value is None or not cell.value.replace(".", "").lstrip("-").isdigit() or "days" in cell.text:
            continue
        read, exact = reading.number(cell.text), Decimal(cell.value)
        places = len(cell.text.rstrip(" %USD\u00a0").partition(".")[2])
        assert read == nearest(exact, places), key
        assert cell.text.startswith("-") == (nearest(exact, places) < 0), key


async def test_a_chart_is_drawn_of_every_day_that_v1_tells(site: httpx.AsyncClient, login: Login) -> None:
    found, given = await shown(site, "balance-chart", login), await of_v1(site, "balance-chart", login)

    [chart] = [each for each in found.blocks if isinstance(each, Chart)]
    balance, equity = chart.series
    assert [(each.at, each.value) for each in balance.points] == [(row["day"], row["balance"]) for row in given["data"]]
    assert [(each.at, each.value) for each in equity.points] == [
        (row["day"], row["equity"]) for row in given["data"] if row["equity"] is not None
    ]


async def test_a_cut_answer_is_gone_on_with(
    site: httpx.AsyncClient, login: Login, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = await shown(site, "balance-chart", login)
    [question] = WIDGETS["balance-chart"].questions

    async def short(request: Any, asked_for: Any, login: Any, query: Any, as_: Any) -> Any:
        return await once(request, asked_for, login, {**query, "limit": "40"}, as_)

    once = asking.once
    monkeypatch.setattr(asking, "once", short)
    again = await shown(site, "balance-chart", login)

    assert question.follow == "next_from"
    assert again.blocks == whole.blocks


async def test_the_year_is_its_months_chained(site: httpx.AsyncClient, login: Login) -> None:
    found = await shown(site, "monthly", login)

    for row in {key.split("/")[1] for key in reading.cells(found)}:
        cells = {key.rpartition("/")[2]: each for key, each in reading.cells(found).items() if f"/{row}/" in key}
        months = [Decimal(each.value) for name, each in cells.items() if name.isdigit() and each.value is not None]
        growth = Decimal(1)
        for each in months:
            growth *= 1 + each / 100
        assert Decimal(cells["total"].value or "") == nearest((growth - 1) * 100, 2)


async def test_the_total_of_open_trades_is_what_floats(site: httpx.AsyncClient, login: Login) -> None:
    trades, balance = await shown(site, "open-trades", login), await shown(site, "balance", login)

    total = reading.cells(trades)["open/totals/net"]
    assert Decimal(total.value or "") == Decimal(reading.cells(balance)["figures/floating"].value or "")


async def test_a_part_of_the_open_trades_has_no_total(site: httpx.AsyncClient, login: Login) -> None:
    found = await shown(site, "open-trades", login, rows="1")

    assert not [key for key in reading.cells(found) if "totals" in key]
    assert "The newest one is shown; there are more." in reading.lines(found)


async def test_columns_stand_as_they_are_asked_for(site: httpx.AsyncClient, login: Login) -> None:
    found = await shown(site, "closed-trades", login, columns="net,symbol,comment", rows="2")

    heads = [each.text() for each in reading.page(found).css("thead th")]
    assert heads == ["Result, USD", "Symbol", "Comment"]
    assert len(reading.page(found).css("tbody tr")) == 2


async def test_a_widget_is_in_the_language_and_runs_its_way(site: httpx.AsyncClient, login: Login) -> None:
    found: Shown = await shown(site, "open-trades", login, lang="ar")

    page = reading.page(found)
    [article] = page.css("article")
    assert (article.attributes["lang"], article.attributes["dir"]) == ("ar", "rtl")
    assert page.css("thead th")[0].text() == "الرمز"
    assert {each.attributes.get("dir") for each in page.css("td.oc-number bdi")} == {"ltr"}, "-5 stays -5"
    assert {each.attributes.get("dir") for each in page.css("td.oc-time bdi")} == {None}
