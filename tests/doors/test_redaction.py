"""What the open level leaves out is in no byte of any open answer, and nothing that is shown depends on it."""

import inspect
import re
from datetime import datetime
from importlib import import_module
from typing import Any, Final

import httpx
import pytest
from hypothesis import HealthCheck, Phase, given, settings

from opencabinet.access import Function, Hidden, Level, Policy, Redaction, Rule
from opencabinet.access.honouring import unshowable
from opencabinet.accounts import Account
from opencabinet.db import Connection
from opencabinet.doors import view
from opencabinet.doors.direct import DIRECT
from opencabinet.doors.gate import need, served
from opencabinet.doors.method import METHOD
from opencabinet.kernel.ids import Login
from opencabinet.settings import Settings
from tests import make
from tests.doors import redactions
from tests.doors.legacy import asking as legacy
from tests.doors.peanut import asking as peanut
from tests.doors.redactions import (
    EVERYTHING,
    METAL,
    NOW,
    SECRET,
    YOUNG,
    Answer,
    Row,
    change_hidden,
    histories,
    opened,
    seen,
    told,
)
from tests.doors.v1.asking import asked, of_accounts, path, path_of, private, refused

pytestmark = pytest.mark.usefixtures("still")
some: Final = settings(
    max_examples=8, deadline=None, phases=[Phase.explicit, Phase.generate], suppress_health_check=list(HealthCheck)
)
MORE: Final = (
    "trades/closed?limit=2",
    "trades/closed?time_field=open",
    "trades/closed?symbol=xauusd",
    "trades/open?limit=1",
    "closed-lots?group=day",
    "closed-lots?group=symbol",
    "breakdown?group=month",
    "metrics?from=2026-11-01T00:00:00Z",
    "metrics/absolute_gain/explain",
    "metrics/equity/explain",
    "metrics/lots/explain",
    "summary?to=2026-11-02T11:40:00Z",
    "movements?limit=1",
)


def rounded(answer: Answer) -> tuple[int, bytes]:
    """Return an answer with figures to nine decimals: the last of what is measured are rounded as money is large."""
    status, body, _ = answer
    return status, re.sub(rb'"(-?\d+(?:\.\d+)?)"', lambda found: b"%.9f" % float(found[1]), body)


async def everything(site: httpx.AsyncClient, login: Login, own: dict[str, str] | None = None) -> dict[str, Answer]:
    """Return every answer of v1 and of the legacy wire that may be open."""
    paths = [path_of(each, login) for each in of_accounts(site) if not private(each.need) and each.verb == "GET"]
    paths += [path(login, rest) for rest in MORE]
    paths += [each.format(login) for each in legacy.READS]
    named = {"X-Request-Id": "same", **(own or {})}
    return {where: seen(await site.get(where, headers=named)) for where in paths}


@given(redactions.redactions, histories)
@some
async def test_what_is_shown_does_not_depend_on_what_is_hidden(
    site: httpx.AsyncClient, committed: Connection, redaction: Redaction, history: list[Row]
) -> None:
    account = await told(committed, history)
    await opened(committed, account.login, redaction)
    before = await everything(site, account.login)
    await change_hidden(committed, account, redaction)
    after = await everything(site, account.login)

    for where, answer in before.items():
        measured = Hidden.MONEY in redaction.hide and ("metrics" in where or "breakdown" in where)
        same = rounded(after[where]) == rounded(answer) if measured else after[where] == answer
        assert same, where
    if Hidden.COMMENTS in redaction.hide:
        assert not any(SECRET.encode() in body for _, body, _ in after.values())
    if redaction.without_symbols:
        assert not any(METAL.encode() in body.upper() for _, body, _ in after.values())


@given(redactions.redactions, histories)
@settings(some, max_examples=3)
async def test_the_mobile_cabinet_leaves_out_the_same(
    site: httpx.AsyncClient,
    committed: Connection,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    redaction: Redaction,
    history: list[Row],
) -> None:
    account = await told(committed, history)
    await opened(committed, account.login, redaction)
    token = await make.token(committed, account.login, settings)
    # It always asks for a token, whose bearer sees all: here for once it counts as none.
    with monkeypatch.context() as patch:
        patch.setattr(import_module("opencabinet.access.policy"), "sees_all", lambda _: False)
        before = await mobile(site, account, token)
        await change_hidden(committed, account, redaction)

        assert await mobile(site, account, token) == before
    assert Hidden.COMMENTS not in redaction.hide or SECRET.encode() not in b"".join(body for _, body, _ in before)


async def mobile(site: httpx.AsyncClient, account: Account, token: str) -> list[Answer]:
    """Return every answer of the mobile cabinet that is not private."""
    paths = set(peanut.READS) - {peanut.INFORMATION, peanut.PHONE}
    return [seen(await peanut.ask(site, each, account.login, token)) for each in sorted(paths)]


@given(redactions.redactions)
@settings(some, max_examples=3)
async def test_the_owner_sees_all_of_it(
    site: httpx.AsyncClient, committed: Connection, settings: Settings, redaction: Redaction
) -> None:
    history = [Row(kind, age, METAL) for kind in ("closed", "open", "order", "credit") for age in (1, 700)]
    account = await told(committed, history)
    secret = await make.password(committed, account.login, settings)
    given = {"login": account.login, "password": secret}
    answer = await site.post("/v1/tokens", json=given)
    passkey = await legacy.token(site, legacy.CLIENT, account.login, secret)
    own = {"Authorization": f"Bearer {answer.json()['access_token']}", "passkey": passkey}
    closed = await everything(site, account.login, own)
    await opened(committed, account.login, redaction)
    after = await everything(site, account.login, own)

    assert {where: told[:2] for where, told in after.items()} == {where: told[:2] for where, told in closed.items()}
    assert SECRET.encode() in after[path(account.login, "trades/closed")][1]
    assert b'"symbol":"XAUUSD"' in after[path(account.login, "trades/open")][1]


REFUSALS: Final[list[tuple[Redaction, set[Function]]]] = [
    (Redaction(closed_only=True), {Function.OPEN_TRADES, Function.ORDERS}),
    (YOUNG, {Function.BONUSES, Function.COMMISSIONS}),
    (
        Redaction(without_symbols=frozenset({METAL})),
        {Function.BALANCE, Function.BONUSES, Function.STATISTICS, Function.COMMISSIONS},
    ),
]


@pytest.mark.parametrize(("redaction", "closed"), REFUSALS)
async def test_what_cannot_be_told_without_is_closed_to_strangers(
    site: httpx.AsyncClient, committed: Connection, redaction: Redaction, closed: set[Function]
) -> None:
    account = await told(committed, [EVERYTHING])
    await opened(committed, account.login, redaction)

    for each in of_accounts(site):
        if each.verb != "GET" or not isinstance(each.need, Function) or each.need.private:
            continue
        where = path_of(each, account.login)
        answer, nobody = await site.get(where), await site.get(path_of(each, 1))
        assert (answer.status_code == 401) == (each.need in closed), where
        if each.need in closed:
            assert without_ids(answer) == without_ids(nobody)
    assert {each for each in Function if unshowable(each, redaction.parts)} == closed


def without_ids(answer: httpx.Response) -> dict[str, Any]:
    """Return a problem without the request's id."""
    body: dict[str, Any] = answer.json()
    return {name: value for name, value in body.items() if name not in {"request_id", "instance"}}


async def test_a_hidden_member_is_absent_not_null(site: httpx.AsyncClient, committed: Connection) -> None:
    account = await told(committed, [EVERYTHING, Row("open", 700, "EURUSD")])
    await opened(committed, account.login, Redaction(hide=frozenset(Hidden)))

    [trade] = (await asked(site, path(account.login, "trades/closed")))["data"]
    assert {"comment", "volume", "profit", "swap", "commission", "fee", "net"} & set(trade) == set()
    assert {"ticket", "symbol", "open_price", "close_price", "pips", "net_percent"} <= set(trade)
    [row] = (await site.get(legacy.CLOSED.format(account.login))).json()
    assert list(row) == [
        *("Ticket", "Login", "Symbol", "Type", "OpenTime", "OpenPrice", "CloseTime", "ClosePrice", "Sl", "Tp", "Digits")
    ]
    assert (await site.get(legacy.BALANCE.format(account.login))).json() == {"Login": account.login, "Currency": "USD"}


async def test_pages_are_full_though_symbols_are_left_out(site: httpx.AsyncClient, committed: Connection) -> None:
    symbols = [METAL, "EURUSD", "XauUsd", METAL, "EURUSD", METAL, "EURUSD"]
    account = await told(committed, [Row("closed", 700 + age, symbol) for age, symbol in enumerate(symbols)])
    await opened(committed, account.login, Redaction(without_symbols=frozenset({"xauusd"})))
    where, cursor, sizes = path(account.login, "trades/closed"), None, list[int]()
    while cursor or not sizes:
        page = await asked(site, where, limit=2, **({"cursor": cursor} if cursor else {}))
        cursor = page["page"]["next_cursor"]
        sizes.append(len(page["data"]))
        assert page["receipt"]["closing_balance"] is None

    assert sizes == [2, 1]
    assert (await asked(site, where, symbol=METAL))["data"] == []
    nothing = await asked(site, where, symbol="NOSUCH")
    assert (await asked(site, where, symbol=METAL)) == nothing


async def test_hidden_members_that_are_asked_for_are_absent(site: httpx.AsyncClient, committed: Connection) -> None:
    account = await told(committed, [EVERYTHING])
    await opened(committed, account.login, Redaction(hide=frozenset(Hidden)))

    page = await asked(site, path(account.login, "trades/closed"), fields="profit,ticket,comment")
    balance = await asked(site, path(account.login, "balance"), fields="balance,equity")

    assert [set(row) for row in page["data"]] == [{"ticket"}]
    assert balance == {}
    assert await refused(site, path(account.login, "balance"), fields="nothing") == (400, "invalid_parameter")


async def test_a_hidden_metric_is_as_unknown_as_any(site: httpx.AsyncClient, committed: Connection) -> None:
    account = await told(committed, [EVERYTHING])
    await opened(committed, account.login, Redaction(hide=frozenset({Hidden.MONEY, Hidden.VOLUMES}), closed_only=True))

    metrics = {each["name"] for each in (await asked(site, path(account.login, "metrics")))["metrics"]}
    gain = await asked(site, path(account.login, "metrics/absolute_gain/explain"))

    assert {"gain", "profit_factor", "pips"} <= metrics
    assert {"balance", "equity_percent", "lots", "total_net_profit"} & metrics == set()
    assert "inputs" not in gain
    for name in ("balance", "equity_percent", "lots", "nothing"):
        assert await refused(site, path(account.login, f"metrics/{name}/explain")) == (404, "not_found")


async def test_tags_go_with_the_view_and_are_good_for_it(site: httpx.AsyncClient, committed: Connection) -> None:
    account = await told(committed, [EVERYTHING])
    where, tags = path(account.login, "trades/closed"), []
    for hide in (frozenset[Hidden](), frozenset({Hidden.MONEY}), frozenset(Hidden)):
        await opened(committed, account.login, Redaction(hide=hide))
        answer = await site.get(where)
        tags.append(answer.headers["etag"])
        again = await site.get(where, headers={"If-None-Match": tags[-1]})
        head = await site.head(where)
        assert (again.status_code, again.content) == (304, b"")
        assert (head.content, head.headers["content-length"]) == (b"", str(len(answer.content)))

    assert len(set(tags)) == 3


def test_every_method_of_the_old_wires_knows_the_callers_view(site: httpx.AsyncClient) -> None:
    handlers = [handler for _, handler in served(legacy.litestar(site)) if METHOD in handler.opt]
    blind = [
        handler.opt[METHOD].path
        for handler in handlers
        if isinstance(function := need(handler), Function)
        and not function.private
        and "view" not in handler.parsed_fn_signature.parameters
        and not (handler.opt[DIRECT] and "seen(request)" in inspect.getsource(handler.fn))
    ]

    assert blind == []
    assert len(handlers) > 15


def test_no_open_answer_has_another_form(site: httpx.AsyncClient) -> None:
    forms = {each.id: each.forms for each in of_accounts(site) if not private(each.need)}

    assert set(forms.values()) == {("application/json",)}


def test_only_the_open_level_leaves_anything_out() -> None:
    left_out = Redaction(closed_only=True)

    assert (
        Policy(default=Rule(level=Level.OPEN, redaction=left_out)).ruling(Function.PERSON, NOW).rule.redaction.nothing
    )
    assert (
        view.View.of(YOUNG, datetime(2026, 11, 2, 12, 0, 59, tzinfo=NOW.tzinfo)).until == NOW - 30 * redactions.MINUTE
    )
