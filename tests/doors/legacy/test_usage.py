"""The usage pages: made from what is served, and true to it."""

import json
import re
from datetime import UTC, datetime
from decimal import Decimal
from typing import NamedTuple

import httpx
import pytest
from litestar.handlers import HTTPRouteHandler
from selectolax.lexbor import LexborHTMLParser, LexborNode

from opencabinet import access
from opencabinet.db import Connection
from opencabinet.doors.gate import served
from opencabinet.doors.method import spelled
from opencabinet.kernel.ids import Login, Ticket
from opencabinet.settings import Settings
from tests import make
from tests.doors.legacy import recorded
from tests.doors.legacy.asking import (
    BALANCE,
    CLIENT,
    CLOSED,
    LOTS,
    MOBILE,
    OPEN,
    OPERATIONS,
    PARTNER,
    SUMMARY,
    litestar,
)
from tests.doors.peanut import asking as peanut

PAGES = ("/", "/Home/GetAPIUsageInfo", "/Home/GetClientsAPI")
OURS = ("", "api", "client", "clientmobile", "home", "partner")
"""How the paths of the old wires begin; other doors have pages of their own."""
MONDAY = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


class Section(NamedTuple):
    """What a page says of one method."""

    summary: str
    access: str
    parameters: list[tuple[str, str]]
    example: str
    aliases: list[str]


@pytest.fixture(params=PAGES)
async def page(request: pytest.FixtureRequest, site: httpx.AsyncClient) -> httpx.Response:
    return await site.get(request.param)


def sections(page: httpx.Response) -> dict[str, Section]:
    """Return what a page says, by verb and path."""
    return {heading.text(strip=False): section(following(heading)) for heading in LexborHTMLParser(page.text).css("h2")}


def following(heading: LexborNode) -> list[LexborNode]:
    """Return the elements from a heading to the next one."""
    found: list[LexborNode] = []
    node = heading.next
    while node is not None and node.tag != "h2":
        if node.tag not in {"-text", None}:
            found.append(node)
        node = node.next
    return found


def section(nodes: list[LexborNode]) -> Section:
    texts = [node.text() for node in nodes if node.tag == "p"]
    rows = [row.css("td") for node in nodes if node.tag == "table" for row in node.css("tr")[1:]]
    example = next(node.text() for node in nodes if node.tag == "pre")
    aliases = [code.text().removeprefix("/") for node in nodes if node.tag == "ul" for code in node.css("code")]
    return Section(texts[0], texts[1], [(cells[0].text(), cells[1].text()) for cells in rows], example, aliases)


async def test_a_page_is_html_for_people(page: httpx.Response) -> None:
    assert page.status_code == 200
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert "script" not in page.text
    assert "unsafe-inline" not in page.headers["content-security-policy"]
    assert "default-src 'none'" in page.headers["content-security-policy"]


async def test_a_page_lists_what_is_served_and_nothing_else(site: httpx.AsyncClient, page: httpx.Response) -> None:
    routes = {
        (verb, route.path)
        for route, each in served(litestar(site))
        if isinstance(each, HTTPRouteHandler) and route.path.split("/")[1] in OURS
        for verb in each.http_methods
    }
    said = sections(page)
    listed = {tuple(each.split(" ")) for each in said}
    aliases = {(verb, alias) for verb, path in listed for alias in said[f"{verb} {path}"].aliases}

    assert {(verb, "/" + spelled(path)) for verb, path in listed | aliases} == routes


async def test_a_method_says_who_may_call_it_and_with_what(page: httpx.Response) -> None:
    said = sections(page)

    assert {each.split("/")[-1] for each in said} >= {"RequestMoblieCabinetApiToken", "GetClientsAPI", "{login}"}
    for name, each in said.items():
        assert each.summary.endswith("."), name
        in_path = [parameter for parameter, place in each.parameters if place == "path"]
        assert in_path == re.findall(r"{(\w+)}", name), name
    assert "client token" in said["GET client/RequestBalanceInformation/{login}"].access
    assert "partner token" in said["GET partner/GetCommissionRecords/{login}"].access
    assert "Everybody" in said["POST api/Authentication/RequestClientApiToken"].access
    names = [name for name, _ in said["GET client/RequestClosedTrades/{login}"].parameters]
    assert names == ["login", "passkey", "from", "to", "symbol", "limit"]


async def test_every_method_that_is_listed_is_there(site: httpx.AsyncClient, page: httpx.Response) -> None:
    for each in sections(page):
        verb, path = each.split(" ")
        answer = await site.request(verb, "/" + path.format(login=1, account=2))
        assert answer.status_code in {200, 400, 403}, each


async def test_the_examples_are_answers_that_are_given(
    site: httpx.AsyncClient, page: httpx.Response, committed: Connection, settings: Settings
) -> None:
    """With the example's own figures in the database, the answer is the example, byte for byte."""
    login = Login(1234567)
    figures = {"balance": Decimal("314.79"), "equity": Decimal("241.56"), "margin": Decimal("167.64")}
    await make.account(committed, login, **figures, floating=Decimal("-73.23"))
    await access.open_account(committed, login)
    usual = {"opened_at": MONDAY, "take_profit": Decimal("1.112")}
    await make.open_trade(committed, login, position=71, profit=Decimal(150), **usual)
    await make.closed_trade(committed, login, ticket=Ticket(70), closed_at=MONDAY.replace(hour=15), **usual)

    paid = {"amount": Decimal(-50), "moved_at": MONDAY, "comment": "Withdrawal"}
    await recorded.movement(committed, login, 68, **paid)
    shown = await make.token(committed, login, settings)

    said = sections(page)

    for path in (BALANCE, OPEN, CLOSED, LOTS, OPERATIONS, SUMMARY):
        answer = await site.get(path.format(login), params={"from": 1772409600, "to": 1772496000})
        assert answer.text == said["GET " + path[1:].format("{login}")].example
    for path in (peanut.OPEN, peanut.CLOSED, peanut.OPERATIONS):
        answer = await peanut.ask(site, path, login, shown)
        assert answer.text == said["POST " + path[1:]].example


async def test_a_method_that_tells_of_the_person_is_said_never_to_be_open(page: httpx.Response) -> None:
    said = sections(page)

    assert "never open" in said["GET client/RequestAuthorizationHistory/{login}"].access
    assert "in the body" in said["POST api/ClientCabinetFavourite/GetMyStats"].access
    assert said["GET client/RequestBonusStatistic/{login}"].aliases == ["client/RequestBonusStatistics/{login}"]


async def test_the_example_of_a_token_has_its_shape(page: httpx.Response) -> None:
    said = sections(page)

    for method in (CLIENT, PARTNER, MOBILE):
        example = said["POST " + method[1:]].example
        assert len(example) == 66
        assert int(json.loads(example), 16)


async def test_the_lines_to_paste_name_the_host_that_was_asked(site: httpx.AsyncClient) -> None:
    answer = await site.get(PAGES[1], headers={"host": "cabinet.example:8080"})

    assert "http://cabinet.example:8080/client/RequestBalanceInformation/" in answer.text
