"""Who may read an account, changed on a page: v1 decides, the page asks, and nothing that was typed is lost."""

from typing import Any

import httpx
import pytest

from opencabinet import access
from opencabinet.access import Function, Level, Policy, Rule
from opencabinet.accounts import Account
from opencabinet.db import Connection
from tests.doors.cabinet.access.filling import base, filled
from tests.doors.cabinet.browser import Browser

PART = {"hx-request": "true"}


async def policy(conn: Connection, account: Account) -> Policy:
    """Return what is set."""
    return await access.policy(conn, account.login)


async def test_the_form_shows_what_is_set_and_saving_it_changes_nothing(
    proved: Browser, committed: Connection, account: Account
) -> None:
    before = Policy(
        default=Rule(level=Level.BOTH, networks=tuple(access.networks("203.0.113.0/255.255.255.0"))),
        rules={
            Function.BALANCE: Rule(
                level=Level.OPEN,
                note="for my page",
                redaction=access.Redaction(
                    hide=frozenset({access.Hidden.MONEY, access.Hidden.VOLUMES}),
                    delay_minutes=15,
                    without_symbols=frozenset({"XAUUSD"}),
                ),
            )
        },
    )
    await access.set_policy(committed, account.login, before)
    await proved.open(base(account.login, "?whole=yes"))
    assert "203.0.113.0/24" in proved.text("#masks-default")
    assert "256 addresses" in proved.text("#masks-default")

    answer = await proved.send(base(account.login), **filled(proved, confirm="yes"))

    assert answer.status_code == 200, answer.text
    assert "The rules are saved" in proved.text()
    assert await policy(committed, account) == before


async def test_a_rule_that_is_saved_holds_from_the_next_request_on(
    proved: Browser, site: httpx.AsyncClient, account: Account
) -> None:
    anonymous = httpx.AsyncClient(transport=site._transport, base_url="http://cabinet.test")  # noqa: SLF001
    where = f"/v1/accounts/{account.login}/balance"
    assert (await anonymous.get(where)).status_code == 401
    await proved.open(base(account.login, "?whole=yes"))

    await proved.send(base(account.login), **filled(proved, balance__level="open"))

    assert (await anonymous.get(where)).status_code == 200
    assert (await anonymous.get(f"/v1/accounts/{account.login}/movements")).status_code == 401


async def test_who_gains_and_what_to_think_over_is_shown_before_it_is_saved(
    hers: Browser, committed: Connection, account: Account
) -> None:
    await hers.open(base(account.login, "?whole=yes"))

    await hers.send(base(account.login, "/review"), **filled(hers, summary__level="open"))

    assert "Summary before: Password after: Open Some gain it" in hers.text("#review")
    assert "strangers learn of it from summary" in hers.text("#review")
    assert hers.page.css_first("[id='summary.level'] option[value=open][selected]") is not None
    assert (await policy(committed, account)).rules == {}


async def test_a_stranger_is_shown_by_the_rules_that_are_typed(hers: Browser, account: Account) -> None:
    await hers.open(base(account.login, "?whole=yes"))
    given = filled(hers, balance__level="open", balance__hide=["money", "volumes"], looks_at="balance")

    await hers.send(base(account.login, "/preview"), **given)

    assert "They read it" in hers.text("#seen")
    assert f'"login": {account.login}' in hers.text("#seen")
    assert f'"login":{account.login}' in hers.text("#seen")
    assert f"{account.balance:f}" not in hers.text("#seen")

    await hers.send(base(account.login, "/preview"), **filled(hers, balance__level="off"))

    assert "They are refused" in hers.text("#seen")


async def test_who_could_read_what_is_told_with_the_row_that_decided(hers: Browser, account: Account) -> None:
    await hers.open(base(account.login, "?whole=yes"))
    given = filled(
        hers,
        orders__level="both",
        orders__networks="203.0.113.*",
        thinks_of="orders",
        thinks_from="203.0.113.7, 198.51.100.1",
        thinks_shows=["none", "password"],
    )

    await hers.send(base(account.login, "/simulate"), **given)

    rows = [" ".join(row.text().split()) for row in hers.page.css("#simulated tbody tr")]
    assert len(rows) == 4
    [yes] = [row for row in rows if " yes " in row]
    assert yes.startswith("Orders 203.0.113.7 A token or a server key yes Orders")


async def test_what_locks_its_saver_out_is_saved_only_when_they_mean_it(
    proved: Browser, committed: Connection, account: Account
) -> None:
    await proved.open(base(account.login, "?whole=yes"))
    given = filled(proved, default__level="both", default__networks="203.0.113.7")

    answer = await proved.send(base(account.login), **given)

    assert answer.status_code == 409
    assert "you could not read" in proved.text("[role=alert]")
    assert proved.page.css_first("[name=confirm]") is not None
    assert proved.page.css_first("[id='default.networks']").text() == "203.0.113.7"  # type: ignore[union-attr]
    assert (await policy(committed, account)).default.level is Level.PASSWORD

    await proved.send(base(account.login), **filled(proved, confirm="yes"))
    assert (await policy(committed, account)).default.level is Level.BOTH


async def test_what_was_changed_elsewhere_meanwhile_is_shown_and_nothing_typed_is_lost(
    proved: Browser, committed: Connection, account: Account
) -> None:
    await proved.open(base(account.login, "?whole=yes"))
    given = filled(proved, balance__level="open", balance__note="for my page")
    await access.set_policy(committed, account.login, Policy(default=Rule(level=Level.OFF)))

    answer = await proved.send(base(account.login), **given)

    assert answer.status_code == 412
    assert "changed elsewhere meanwhile" in proved.text()
    assert proved.value("[id='balance.note']") == "for my page"
    assert "before: Off after: Password" in proved.text("#review")
    assert (await policy(committed, account)).default.level is Level.OFF

    await proved.send(base(account.login), **filled(proved))
    assert (await policy(committed, account)).default.level is Level.PASSWORD


async def test_who_gave_no_proof_of_late_is_asked_for_one(
    hers: Browser, committed: Connection, account: Account
) -> None:
    await hers.open(base(account.login, "?whole=yes"))
    sent = {"form_token": hers.value("[name=form_token]"), **filled(hers, balance__level="open")}

    answer = await hers.site.post(base(account.login), data=sent, headers={"origin": "http://cabinet.test"})

    assert "/cabinet/prove" in answer.headers.get("location", "") + answer.text
    assert (await policy(committed, account)).rules == {}


async def test_ones_own_address_is_added_where_it_is_asked_for(hers: Browser, account: Account) -> None:
    await hers.open(base(account.login, "?whole=yes"))
    assert "127.0.0.1" in hers.text()

    await hers.send(base(account.login, "/draft"), **filled(hers, adds="closed_trades"))

    field = hers.page.css_first("[id='closed_trades.networks']")
    assert field is not None
    assert field.text() == "127.0.0.1"
    assert "yours is one of them" in hers.text("#masks-closed_trades")
    assert hers.page.css_first("#row-closed_trades[open]") is not None


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("203.0.113.0/255.255.255.0", "203.0.113.0/24 · 256 addresses"),
        ("203.0.113.5-203.0.113.6", "203.0.113.5/32, 203.0.113.6/32 · 2 addresses"),
        ("10.0.0.*", "is private"),
        ("127.0.0.1", "1 address · yours is one of them"),
        ("2001:db8::/48", "10^24 addresses"),
        ("5.0.0.0/8", "lets 16,777,216 addresses in"),
        ("0.0.0.0/0", "lets everybody in"),
        ("<script>alert(1)</script>", "is no network"),
    ],
)
async def test_a_mask_is_explained_while_it_is_typed(hers: Browser, account: Account, typed: str, said: str) -> None:
    await hers.open(base(account.login, "?whole=yes"))
    token = hers.value("[name=form_token]")
    sent = {"row": "balance", "balance.networks": typed}
    headers = {"origin": "http://cabinet.test", "x-form-token": token, **PART}

    answer = await hers.site.post(base(account.login, "/masks"), data=sent, headers=headers)

    hers.answer = answer
    assert said in hers.text("#masks-balance")
    assert "<script>" not in answer.text


HOSTILE: list[tuple[str, Any]] = [
    ("balance.level", "everybody"),
    ("balance.level", "<script>"),
    ("balance.expires_at", "yesterday"),
    ("balance.expires_at", "2020-01-01T00:00"),
    ("balance.delay_minutes", "-1"),
    ("balance.delay_minutes", "９"),
    ("balance.delay_minutes", "999999999"),
    ("balance.note", "x" * 300),
    ("balance.note", "two\nlines\x00"),
    ("balance.without_symbols", ",".join(f"S{n}" for n in range(200))),
    ("balance.hide", ["money", "everything", "'\"><img src=x>"]),
    ("default.networks", "0.0.0.0/1\n128.0.0.0/1"),
    ("default.level", ""),
    ("statement.level", "open"),
    ("etag", "*"),
    ("etag", 'W/"x", "y\r\nX: y"'),
]


@pytest.mark.parametrize(("name", "value"), HOSTILE)
async def test_nothing_hostile_is_saved_or_breaks_the_page(
    proved: Browser, committed: Connection, account: Account, name: str, value: Any
) -> None:
    await proved.open(base(account.login, "?whole=yes"))
    given = {**filled(proved, balance__level="open"), name: value}
    if name == "default.networks":
        given["default.level"] = "address"

    answer = await proved.send(base(account.login), **given)

    assert 400 <= answer.status_code < 500, answer.text
    assert "<script>" not in answer.text.replace("<script src", "").replace('<script type="module"', "")
    assert "<img" not in answer.text
    assert (await policy(committed, account)).rules == {}
    for act in ("/review", "/preview", "/simulate", "/draft"):
        shown = await proved.send(base(account.login, act), **given)
        assert shown.status_code < 500, (act, shown.text)


@pytest.mark.parametrize(("does", "place"), [("review", "#review"), ("preview", "#seen"), ("simulate", "#simulated")])
async def test_every_button_works_where_no_script_runs(
    hers: Browser, committed: Connection, account: Account, does: str, place: str
) -> None:
    await hers.open(base(account.login, "?whole=yes"))

    await hers.send(base(account.login), **filled(hers, does=does, balance__level="open"))

    assert hers.text(place)
    assert (await policy(committed, account)).rules == {}
