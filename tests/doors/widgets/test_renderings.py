"""Every rendering of a widget says the same, and is kept by whoever may keep it."""

import json
from typing import Any, Final

import httpx
import pytest
from msgspec import structs
from selectolax.lexbor import LexborHTMLParser

from opencabinet import access, app
from opencabinet.access import Function, Hidden, Level, Policy, Rule
from opencabinet.accounts import Account
from opencabinet.db import Connection
from opencabinet.doors.showing.definitions import WIDGETS
from opencabinet.settings import Settings
from tests import make
from tests.doors.v1.asking import signed_in
from tests.living import living

OF_ACCOUNTS: Final = [name for name, each in WIDGETS.items() if each.of == "account"]
ENDINGS: Final = ("", ".json", ".svg", ".png", ".txt")
HOSTILE: Final = (
    "a=" + "b" * 3000,
    "&".join(f"a{number}=1" for number in range(40)),
    "theme=dark&theme=light",
    "a=%ff",
    "%00=1",
    "token=ccb_0123456789012345678901",
    "key=cck_0123456789012345678901",
    "rows=" + "9" * 400,
    "columns=" + "x," * 500,
    "symbol=" + "%E2%80%AE" * 10,
    "accent=%22%3E%3Cscript%3E",
    "title=%3Cscript%3E",
    "from=0000-00-00",
    "period=month%27--",
    "lang=%3Cscript%3E",
    "width=99999",
    "level=99",
)


def address(name: str, account: Account, ending: str = "") -> str:
    """Return where a widget is asked for."""
    return f"/w/{name}/{account.login}{ending}"


def words_of(answer: httpx.Response) -> str:
    """Return what an answer says in words, whatever it is made of."""
    kind = answer.headers["content-type"]
    if "html" in kind or "svg" in kind:
        return " ".join(LexborHTMLParser(answer.text).text(separator=" ").split())
    if "json" in kind:
        return " ".join(leaves(answer.json()["tree"]))
    return " ".join(answer.text.replace("\u2066", "").replace("\u2069", "").split())


def leaves(tree: Any) -> list[str]:
    """Return the texts of a tree."""
    return [tree] if isinstance(tree, str) else [each for child in tree[2] for each in leaves(child)]


@pytest.mark.parametrize("name", OF_ACCOUNTS)
async def test_all_renderings_carry_the_same_figures_and_the_same_time(
    site: httpx.AsyncClient, account: Account, name: str
) -> None:
    facts = (await site.get(address(name, account, ".json"))).json()
    figures = [" ".join(each["text"].split()) for each in facts["figures"] if each["value"] is not None]
    when = "2 Nov 2026, 12:00 UTC"

    assert facts["as_of"] == "2026-11-02T12:00:00.000Z"
    assert figures or name in {"bonus", "balance-chart"}
    for ending in ("", ".json", ".svg", ".txt"):
        said = words_of(await site.get(address(name, account, ending)))
        assert when in said, ending
        if (name, ending) != ("monthly", ".svg"):  # a picture has no room for twelve months
            assert [each for each in figures if " ".join(each.split()) not in " ".join(said.split())] == [], ending


async def test_what_v1_says_is_what_scripts_read(site: httpx.AsyncClient, account: Account) -> None:
    told = (await site.get(f"/v1/accounts/{account.login}/balance")).json()
    facts = (await site.get(address("balance", account, ".json"))).json()

    values = {each["key"].removeprefix("figures/"): each["value"] for each in facts["figures"]}
    assert {name: told[name] for name in values if name in told} == values
    assert facts["as_of"] == told["as_of"]


@pytest.mark.parametrize("ending", ENDINGS)
async def test_open_figures_are_kept_but_asked_for_again(
    site: httpx.AsyncClient, account: Account, ending: str
) -> None:
    first = await site.get(address("balance", account, ending))
    again = await site.get(address("balance", account, ending), headers={"If-None-Match": first.headers["etag"]})

    assert first.status_code == 200, first.text
    assert first.headers["cache-control"] == "public, no-cache"
    assert first.headers["access-control-allow-origin"] == "*"
    assert "set-cookie" not in first.headers
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]


@pytest.mark.parametrize("ending", ENDINGS)
async def test_a_changed_balance_is_seen_at_once(
    site: httpx.AsyncClient, account: Account, committed: Connection, ending: str
) -> None:
    first = await site.get(address("balance", account, ending))
    await committed.run(
        "UPDATE accounts SET balance = 1234.56, equity = 1234.56 WHERE login = %(login)s", login=account.login
    )
    again = await site.get(address("balance", account, ending), headers={"If-None-Match": first.headers["etag"]})

    assert again.status_code == 200
    assert ending == ".png" or "1,234.56" in words_of(again)


@pytest.mark.parametrize("ending", ENDINGS)
async def test_a_closed_account_is_told_like_one_that_is_not(
    site: httpx.AsyncClient, closed: Account, ending: str
) -> None:
    same = {"X-Request-Id": "a-reference"}
    answer = await site.get(address("balance", closed, ending), headers=same)
    nobody = await site.get(f"/w/balance/9876543{ending}", headers=same)

    assert (answer.status_code, nobody.status_code) == (401, 401)
    assert answer.headers["cache-control"] == "private, no-store"
    assert "etag" not in answer.headers
    assert words_of(nobody).replace("9876543", str(closed.login)) == words_of(answer) or ending == ".png"


async def test_closing_an_account_works_at_once(
    site: httpx.AsyncClient, account: Account, committed: Connection
) -> None:
    first = await site.get(address("balance", account, ".png"))
    await access.set_policy(committed, account.login, Policy(default=Rule(level=Level.PASSWORD)))
    again = await site.get(address("balance", account, ".png"), headers={"If-None-Match": first.headers["etag"]})

    assert (first.status_code, again.status_code) == (200, 401)


async def test_what_the_owner_leaves_out_is_in_no_rendering(
    site: httpx.AsyncClient, account: Account, committed: Connection
) -> None:
    rule = Rule(level=Level.OPEN, redaction=access.Redaction(hide=frozenset({Hidden.MONEY})))
    await access.set_policy(committed, account.login, Policy(default=rule))

    for ending in ("", ".json", ".svg", ".txt"):
        assert "1,000.00" not in (await site.get(address("balance", account, ending))).text, ending


async def test_an_owner_reads_their_closed_account_and_nobody_keeps_it(
    site: httpx.AsyncClient, closed: Account, committed: Connection, settings: Settings
) -> None:
    own = await signed_in(site, committed, closed.login, settings)
    answer = await site.get(address("balance", closed, ".json"), headers=own)

    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "private, no-store"
    assert "etag" not in answer.headers
    assert "access-control-allow-origin" not in answer.headers
    assert answer.json()["figures"][0]["value"] == "1000"


@pytest.mark.parametrize(
    "shown",
    [["Basic YTpi"], ["Bearer "], ["Bearer a", "Bearer b"], ["Bearer ccb_0000"], ["Bearer \xff"]],
)
async def test_a_bad_credential_opens_nothing_even_what_is_open(
    site: httpx.AsyncClient, account: Account, shown: list[str]
) -> None:
    headers = [("Authorization", each.encode("latin-1")) for each in shown]
    answer = await site.get(address("balance", account, ".json"), headers=headers)  # type: ignore[arg-type]  # bytes are

    assert answer.status_code in {400, 401}
    assert "1,000" not in answer.text


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize("query", HOSTILE, ids=lambda query: query[:24])
async def test_whatever_is_asked_is_answered_and_nothing_of_it_runs(
    site: httpx.AsyncClient, account: Account, ending: str, query: str
) -> None:
    answer = await site.get(f"{address('balance', account, ending)}?{query}")

    assert answer.status_code in {200, 400}, answer.text
    assert len(answer.content) < 200_000
    assert b"<script>" not in answer.content
    assert ending == ".png" or "ccb_0123" not in answer.text


@pytest.mark.parametrize(
    "path",
    [
        "/w/nothing",
        "/w/nothing/1",
        "/w/balance",
        "/w/balance.json",
        "/w/news/1",
        "/w/balance/0",
        "/w/balance/-1",
        "/w/balance/1e3",
        "/w/balance/٣",
        "/w/balance/" + "9" * 40,
        "/w/balance/1.exe",
        "/w/balance/1.svg.png",
        "/w/balance/1.atom",
        "/w/balance/1%0a",
        "/w/static/../frame.js",
        "/w/accents/red.css",
        "/w/accents/%23aabbcc.css",
        "/w/accents/aabbcc",
    ],
)
async def test_an_address_that_leads_nowhere_says_so(site: httpx.AsyncClient, path: str) -> None:
    answer = await site.get(path)

    assert answer.status_code in {400, 404}
    assert answer.headers["cache-control"] == "private, no-store"


async def test_a_page_speaks_as_it_is_asked_and_else_as_the_reader_likes(
    site: httpx.AsyncClient, account: Account
) -> None:
    arabic = await site.get(address("balance", account), headers={"Accept-Language": "fr, ar;q=0.5, en;q=0.1"})
    english = await site.get(address("balance", account), params={"lang": "en"}, headers={"Accept-Language": "ar"})
    other = await site.get(address("balance", account), params={"lang": "pt"})

    assert '<html lang="ar" dir="rtl"' in arabic.text
    assert '<html lang="en" dir="ltr"' in english.text
    assert '<html lang="en" dir="ltr"' in other.text
    assert "Accept-Language" in arabic.headers["vary"]


async def test_news_are_of_nobody_and_a_feed_too(site: httpx.AsyncClient) -> None:
    for ending, kind in (("", "text/html"), (".atom", "application/atom+xml"), (".txt", "text/plain")):
        answer = await site.get(f"/w/news{ending}")
        assert answer.status_code == 200, answer.text
        assert answer.headers["content-type"].startswith(kind)


async def test_a_widget_costs_what_v1_is_asked_and_nothing_else(settings: Settings, account: Account) -> None:
    few = structs.replace(settings, requests_per_open_account=60, requests_per_network=60)
    async with living(app.build(few)) as (site, _):
        ways = (f"/v1/accounts/{account.login}/balance", address("balance", account, ".json")) * 2
        left = [(await site.get(asked)).headers.get("x-ratelimit-remaining") for asked in ways]

    assert left[1] is left[3] is None
    assert int(left[0]) - int(left[2]) == 2


async def test_what_scripts_read_is_no_script(site: httpx.AsyncClient, account: Account) -> None:
    answer = await site.get(address("balance", account, ".json"))

    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.text.startswith("{")
    json.loads(answer.text)


async def test_a_name_that_others_wrote_turns_nothing_around(
    site: httpx.AsyncClient, account: Account, committed: Connection
) -> None:
    await make.open_trade(committed, account.login, symbol="<b>EUR</b>\u202eUSD")
    for ending in ("", ".svg", ".txt"):
        said = (await site.get(address("open-trades", account, ending))).text
        assert "\u202e" not in said
        assert ending == ".txt" or "<b>EUR" not in said


async def test_what_is_closed_alone_is_closed(site: httpx.AsyncClient, account: Account, committed: Connection) -> None:
    rules = {Function.BALANCE: Rule(level=Level.PASSWORD)}
    await access.set_policy(committed, account.login, Policy(default=Rule(level=Level.OPEN), rules=rules))

    assert (await site.get(address("balance", account))).status_code == 401
    assert (await site.get(address("open-trades", account))).status_code == 200
