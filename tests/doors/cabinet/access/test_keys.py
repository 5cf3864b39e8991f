"""Keys, tokens and the API password on pages: shown once, refused from the moment they are revoked."""

import re
from typing import Any

import httpx
import pytest

from opencabinet import access
from opencabinet.accounts import Account
from opencabinet.db import Connection
from opencabinet.settings import Settings
from tests import make
from tests.doors.cabinet.access.filling import base, filled
from tests.doors.cabinet.browser import Browser
from tests.doors.legacy.asking import litestar
from tests.doors.v1.asking import path, signed_in
from tests.living import built


def anonymous(site: httpx.AsyncClient) -> httpx.AsyncClient:
    """Return a browser that is signed in nowhere."""
    return httpx.AsyncClient(transport=site._transport, base_url="http://cabinet.test")  # noqa: SLF001


def bearer(secret: str) -> dict[str, str]:
    """Return the header that shows a credential."""
    return {"Authorization": f"Bearer {secret}"}


def form(browser: Browser, **changes: Any) -> dict[str, Any]:
    """Return the form of a key, filled in."""
    return filled(browser, "form.key-form", **{"name": "reports", "functions": ["balance"], **changes})


async def test_a_key_is_shown_once_opens_what_it_says_and_is_refused_once_revoked(
    proved: Browser, site: httpx.AsyncClient, account: Account
) -> None:
    await proved.open(base(account.login, "/keys"))
    assert "No key yet" in proved.text()

    await proved.send(base(account.login, "/keys"), **form(proved))

    secret = proved.text("#secret")
    assert secret.startswith("ccs_")
    stranger = anonymous(site)
    assert (await stranger.get(path(account.login, "balance"), headers=bearer(secret))).status_code == 200
    assert (await stranger.get(path(account.login, "orders"), headers=bearer(secret))).status_code == 403
    await proved.open(base(account.login, "/keys"))
    assert secret not in proved.text()
    revoke = next(
        each.attributes["action"] or "" for each in proved.page.css("form") if "revoke" in str(each.attributes)
    )

    await proved.send(revoke)

    assert "The key is revoked" in proved.text()
    assert (await stranger.get(path(account.login, "balance"), headers=bearer(secret))).status_code == 401


async def test_a_form_that_is_sent_twice_makes_one_key(
    proved: Browser, committed: Connection, account: Account
) -> None:
    await proved.open(base(account.login, "/keys"))
    given = form(proved)
    first = await proved.send(base(account.login, "/keys"), **given)
    second = await proved.send(base(account.login, "/keys"), **given)

    assert re.findall(r"ccs_\w+", first.text) == re.findall(r"ccs_\w+", second.text)
    assert len(await access.keys(committed, account.login)) == 1


async def test_a_key_for_pages_opens_only_what_is_open(
    proved: Browser, committed: Connection, account: Account
) -> None:
    await proved.open(base(account.login, "/keys"))
    given = form(proved, kind="publishable", origins="https://www.example.com", reads_per_minute="30")

    answer = await proved.send(base(account.login, "/keys"), **given)

    assert answer.status_code == 409
    assert "opens only what is open" in proved.text("[role=alert]")
    assert proved.value("#name") == "reports"
    await access.open_account(committed, account.login)
    await proved.send(base(account.login, "/keys"), **given)
    assert proved.text("#secret").startswith("cck_")
    assert "30 reads a minute" in proved.text()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("name", ""),
        ("name", "x" * 65),
        ("name", "<script>alert(1)</script>\n"),
        ("kind", "master"),
        ("functions", ["access"]),
        ("functions", ["everything"]),
        ("functions", []),
        ("functions", ["balance", "clicks"]),
        ("key.networks", "0.0.0.0/0"),
        ("key.networks", "'; DROP TABLE tokens; --"),
        ("expires_at", "soon"),
        ("expires_at", "2020-01-01T00:00"),
        ("once", "x\r\nIf-Match: *"),
    ],
)
async def test_nothing_hostile_makes_a_key(
    proved: Browser, committed: Connection, account: Account, name: str, value: Any
) -> None:
    await proved.open(base(account.login, "/keys"))
    answer = await proved.send(base(account.login, "/keys"), **{**form(proved), name: value})

    assert answer.status_code < 500
    assert "<script>alert" not in answer.text
    made = len(await access.keys(committed, account.login))
    harmless = name == "once" or "script" in str(value)
    assert made == int(harmless)


async def test_a_token_is_listed_and_revoked_with_its_session(
    proved: Browser, site: httpx.AsyncClient, committed: Connection, account: Account, settings: Settings
) -> None:
    stranger = anonymous(site)
    own = await signed_in(stranger, committed, account.login, settings)
    await proved.open(base(account.login, "/tokens"))
    assert "Access token" in proved.text("table")

    revoke = [each.attributes["action"] or "" for each in proved.page.css("td form")]
    await proved.send(revoke[0])

    assert "2 tokens are revoked" in proved.text()
    assert "No token lives" in proved.text()
    assert (await stranger.get(path(account.login, "balance"), headers=own)).status_code == 401


async def test_all_tokens_are_revoked_at_once_and_keys_live_on(
    proved: Browser, committed: Connection, account: Account, settings: Settings
) -> None:
    await make.token(committed, account.login, settings)
    key = access.NewKey(kind=access.Kind.SERVER, name="bot", functions=frozenset({access.Function.BALANCE}))
    await access.make_key(committed, account.login, key)
    await proved.open(base(account.login, "/tokens"))

    await proved.send(base(account.login, "/tokens/revoke"))

    assert "1 token is revoked" in proved.text()
    assert len(await access.keys(committed, account.login)) == 1


@pytest.mark.parametrize("how", ["rotate", "generate"])
async def test_a_new_password_is_shown_once_and_gives_tokens(
    proved: Browser, site: httpx.AsyncClient, account: Account, how: str
) -> None:
    await proved.open(base(account.login, "/password"))
    await proved.send(base(account.login, "/password"), how=how)

    secret = proved.text("#secret")
    asked = {"login": account.login, "password": secret, "family": "client"}
    assert (await anonymous(site).post("/v1/tokens", json=asked)).status_code == 201
    assert secret not in (await proved.open(base(account.login, "/password"))).text


async def test_a_password_is_chosen_where_the_operator_lets_people(
    proved: Browser, site: httpx.AsyncClient, account: Account
) -> None:
    chosen = "six geese on two swings"
    await proved.open(base(account.login, "/password"))
    answer = await proved.send(base(account.login, "/password"), how="choose", password=chosen)

    assert "the one that you chose" in proved.text()
    assert chosen not in answer.text
    asked = {"login": account.login, "password": chosen, "family": "client"}
    assert (await anonymous(site).post("/v1/tokens", json=asked)).status_code == 201


async def test_no_password_is_chosen_where_the_operator_lets_nobody(
    proved: Browser, account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    inner = built(litestar(proved.site)).litestar
    monkeypatch.setattr(inner.state, "chosen_passwords", False)
    await proved.open(base(account.login, "/password"))
    assert proved.page.css_first("[value=choose]") is None

    answer = await proved.send(base(account.login, "/password"), how="choose", password="six geese, two swans")

    assert answer.status_code == 403
    assert "six geese" not in answer.text


@pytest.mark.parametrize(("how", "password"), [("", ""), ("burn", ""), ("rotate'\"><b>", "x"), ("choose", "")])
async def test_nothing_hostile_makes_a_password(proved: Browser, account: Account, how: str, password: str) -> None:
    await proved.open(base(account.login, "/password"))
    answer = await proved.send(base(account.login, "/password"), how=how, password=password)

    assert 400 <= answer.status_code < 500
    assert "<b>" not in answer.text


async def test_what_needs_a_proof_is_not_done_without_one(
    hers: Browser, committed: Connection, account: Account
) -> None:
    for where, given in (("/keys", form), ("/password", lambda _: {"how": "rotate"})):
        await hers.open(base(account.login, where))
        sent = {"form_token": hers.value("[name=form_token]"), **given(hers)}
        answer = await hers.site.post(base(account.login, where), data=sent, headers={"origin": "http://cabinet.test"})
        assert "/cabinet/prove" in answer.headers.get("location", "") + answer.text
    assert await access.keys(committed, account.login) == []
