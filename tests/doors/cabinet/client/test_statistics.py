"""Statistics in the browser: every metric of v1, each with what it takes to compute it again."""

import asyncio
from typing import Final

import pytest

from opencabinet.accounts import Account
from opencabinet.db import Connection
from opencabinet.doors.cabinet.client import metrics
from opencabinet.settings import Settings
from opencabinet.statistics import DIALECTS, METRICS
from tests import make
from tests.doors.cabinet.browser import Browser
from tests.doors.cabinet.client.reading import PART, part, place
from tests.doors.v1.asking import asked, path, signed_in

NAMES: Final = ("profit_factor", "gain", "drawdown")


@pytest.mark.parametrize("dialect", ["", *DIALECTS])
async def test_every_metric_is_shown_by_the_rules_that_are_asked_for(
    hers: Browser, committed: Connection, account: Account, settings: Settings, dialect: str
) -> None:
    own = await signed_in(hers.site, committed, account.login, settings)
    given = await asked(hers.site, path(account.login, "metrics"), own, **({"dialect": dialect} if dialect else {}))

    await part(hers, place(account.login, "/statistics"), dialect=dialect)

    assert len(hers.page.css("details.metric")) == len(given["metrics"]) > 100
    reasons = {row["reason"] for row in given["metrics"] if row["reason"]}
    assert {node.text() for node in hers.page.css("details.metric > p")} == reasons


@pytest.mark.parametrize("name", NAMES)
async def test_a_metric_says_how_it_comes_about(
    hers: Browser, committed: Connection, account: Account, settings: Settings, name: str
) -> None:
    own = await signed_in(hers.site, committed, account.login, settings)
    given = await asked(hers.site, path(account.login, f"metrics/{name}/explain"), own)

    await part(hers, place(account.login, f"/statistics/{name}"))

    assert hers.text(".formula") == given["formula"]
    assert [node.text() for node in hers.page.css("dl.terms dt code")] == list(given["inputs"])
    assert [node.text() for node in hers.page.css("dl.terms dd")] == [each or "–" for each in given["inputs"].values()]
    assert given["definition"] in hers.text(".explained")
    for each in given["excluded"]:
        assert each["why"] in hers.text(".explained")


async def test_an_explanation_is_a_page_of_its_own_that_can_be_shared(hers: Browser, account: Account) -> None:
    await hers.open(place(account.login, "/statistics/profit_factor?dialect=myfxbook"))

    assert hers.text("h1") == "Profit factor"
    assert hers.page.css_first(".formula") is not None


async def test_nothing_traded_is_said(hers: Browser, committed: Connection, account: Account) -> None:
    await make.closed_trade(committed, account.login)

    await part(hers, place(account.login, "/statistics"), **{"from": "2040-01-01"})

    assert hers.page.css_first(".empty") is not None


async def test_several_long_questions_at_once_are_all_answered(hers: Browser, account: Account) -> None:
    names = ("drawdown", "symbol", "weekday", "hour")
    answers = await asyncio.gather(
        *(hers.site.get(place(account.login, f"/charts/{each}"), headers=PART) for each in names)
    )

    assert all("oc-chart" in each.text for each in answers), [each.text[:200] for each in answers]


def test_every_metric_belongs_to_a_group() -> None:
    named = {title for title, _ in metrics.GROUPS} | {metrics.RATIOS}

    assert {metrics.group_of(name) for name in METRICS} == named
    assert {name for _, names in metrics.GROUPS for name in names} <= set(METRICS)
