"""Who is let in by what the body holds, and bodies that hold something else."""

from datetime import timedelta
from typing import Any

import httpx
import psycopg
import pytest

from opencabinet import access, valuations
from opencabinet.access import Family, keyfile
from opencabinet.accounts import Account
from opencabinet.db import Connection
from opencabinet.doors.gate import opened_by_body, served
from opencabinet.settings import Settings
from tests import make
from tests.doors.legacy.asking import BALANCE, come_from, litestar
from tests.doors.legacy.recorded import LOGIN
from tests.doors.peanut.asking import BEGIN, DENIED, MALFORMED, OPEN, PHONE, READS, ask, begin, told
from tests.living import settled

LARGEST = 2**63 - 1
NONSENSE: dict[str, bytes] = {
    "nothing": b"",
    "an array": b"[]",
    "half an object": b'{"login": 1, "token": "x"',
    "two objects": b'{"login": 1, "token": "x"}{}',
    "no login": b'{"token": "x"}',
    "a login with a point": b'{"login": 1234567.0, "token": "x"}',
    "a boolean login": b'{"login": true, "token": "x"}',
    "a login in a list": b'{"login": [1234567], "token": "x"}',
    "other digits": '{"login": "١٢", "token": "x"}'.encode(),
    "a number of 5000 digits": b'{"login": %s, "token": "x"}' % (b"1" * 5000),
    "a number for a token": b'{"login": 1, "token": 1}',
    "a token in an object": b'{"login": 1, "token": {"a": "x"}}',
    "half a surrogate": b'{"login": 1, "token": "\\ud800"}',
    "deep arrays": b"[" * 60_000,
    "deep objects": b'{"a":' * 12_000,
    "a form": b"login=1&token=x",
}


async def test_a_token_opens_its_own_account_only(
    site: httpx.AsyncClient, account: Account, own: str, committed: Connection
) -> None:
    other = await make.account(committed)
    await access.open_account(committed, other.login)

    assert (await ask(site, OPEN, account.login, own)).status_code == 200
    for login in (other.login, 999, 0, -1, LARGEST, LARGEST + 1, 10**18):
        for path in READS:
            assert told(await ask(site, path, login, own)) == DENIED, (path, login)


async def test_an_open_account_needs_a_token_here_all_the_same(
    site: httpx.AsyncClient, account: Account, committed: Connection
) -> None:
    await access.open_account(committed, account.login)

    for path in READS:
        assert told(await site.post(path, json={"login": account.login})) == DENIED


@pytest.mark.parametrize("family", [Family.PARTNER, Family.MOBILE])
async def test_a_token_of_another_family_opens_nothing(
    site: httpx.AsyncClient, account: Account, committed: Connection, settings: Settings, family: Family
) -> None:
    foreign = await make.token(committed, account.login, settings, family)

    for path in READS:
        assert told(await ask(site, path, account.login, foreign)) == DENIED


async def test_an_expired_and_a_revoked_token_open_nothing(
    site: httpx.AsyncClient, account: Account, committed: Connection, settings: Settings
) -> None:
    secret = await make.password(committed, account.login, settings)
    over = await access.issue(
        committed,
        pepper=keyfile.load(settings.folder).pepper,
        login=account.login,
        password=secret,
        family=Family.CLIENT,
        lifetime=timedelta(seconds=-1),
    )
    revoked = await begin(site, account.login, secret)
    assert (await ask(site, OPEN, account.login, revoked)).status_code == 200
    await access.revoke(committed, account.login)

    for shown in (over, revoked):
        assert told(await ask(site, OPEN, account.login, shown)) == DENIED


async def test_a_token_is_good_within_the_listed_addresses_only(
    site: httpx.AsyncClient, account: Account, own: str, committed: Connection
) -> None:
    await access.close_account(committed, account.login, [access.network("203.0.113.0/24")])

    come_from(site, "203.0.113.7")
    assert (await ask(site, OPEN, account.login, own)).status_code == 200
    come_from(site, "203.0.114.7")
    assert told(await ask(site, OPEN, account.login, own)) == DENIED


async def test_a_token_of_this_door_opens_the_other_old_wire(
    site: httpx.AsyncClient, account: Account, committed: Connection, settings: Settings
) -> None:
    shown = await begin(site, account.login, await make.password(committed, account.login, settings))

    assert (await site.get(BALANCE.format(account.login), headers={"passkey": shown})).status_code == 200


async def test_the_history_names_this_door(
    site: httpx.AsyncClient, account: Account, committed: Connection, settings: Settings
) -> None:
    await begin(site, account.login, await make.password(committed, account.login, settings))
    await site.post(BEGIN, json={"login": account.login, "password": "wrong"})

    await settled(site)
    told = "SELECT channel || ' ' || granted::text FROM authorizations WHERE starts_with(action, 'token') ORDER BY id"
    rows = await committed.values(told)
    assert rows == ["peanut true", "peanut false"]


@pytest.mark.parametrize("name", NONSENSE)
async def test_a_body_that_is_no_question_is_a_bad_request(
    site: httpx.AsyncClient, account: Account, name: str
) -> None:
    del account
    for path in (OPEN, PHONE):
        assert told(await site.post(path, content=NONSENSE[name])) == MALFORMED


async def test_a_body_without_login_and_password_begins_nothing(site: httpx.AsyncClient) -> None:
    for body in (b"", b"{}", b'{"login": 1}', b'{"login": 1, "password": 1}', b'{"login": 1.5, "password": "x"}'):
        assert told(await site.post(BEGIN, content=body)) == MALFORMED


async def test_of_two_members_with_one_name_the_last_is_judged_and_read(
    site: httpx.AsyncClient, account: Account, own: str, committed: Connection
) -> None:
    other = await make.account(committed)
    for first, second in (("login", "login"), ("login", "LOGIN"), ("LOGIN", "login")):
        for twice, wanted in (((other.login, LOGIN), 200), ((LOGIN, other.login), 500)):
            body = f'{{"{first}": {twice[0]}, "{second}": {twice[1]}, "token": "{own}"}}'
            answer = await site.post(OPEN, content=body)
            assert answer.status_code == wanted, body
            assert wanted != 200 or {row["login"] for row in answer.json()} == {account.login}


async def test_a_huge_body_is_refused(site: httpx.AsyncClient) -> None:
    answer = await site.post(OPEN, content=b'{"login": 1, "token": "' + b"x" * 70_000 + b'"}')

    assert told(answer) == (413, b"Request entity too large", "text/plain; charset=utf-8")


async def test_an_unknown_account_and_a_bad_token_look_the_same(
    site: httpx.AsyncClient, account: Account, own: str
) -> None:
    answers = [
        await ask(site, OPEN, login, shown)
        for login, shown in ((account.login, "0" * 64), (999, "0" * 64), (999, own), (0, own), (account.login, ""))
    ]

    seen = {(each.status_code, each.content, str(sorted(head(each).items()))) for each in answers}
    assert len(seen) == 1


def head(answer: httpx.Response) -> dict[str, str]:
    """Return the headers of an answer; the request's id is new each time."""
    return {name: value for name, value in answer.headers.items() if name != "x-request-id"}


async def test_other_verbs_are_not_allowed(site: httpx.AsyncClient) -> None:
    for path in (BEGIN, *READS):
        assert (await site.get(path)).status_code == 405


async def test_every_method_that_finds_its_account_in_the_body_is_among_those_tested(site: httpx.AsyncClient) -> None:
    """The gate leaves these to judge for themselves, and the refusals above show that they do."""
    judging = {route.path for route, handler in served(litestar(site)) if opened_by_body(handler)}

    assert judging == {path.lower() for path in READS}


async def test_a_failure_of_ours_is_no_end_of_a_session(
    site: httpx.AsyncClient, account: Account, own: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(*_: Any, **__: Any) -> None:
        raise ZeroDivisionError("the reason")

    monkeypatch.setattr(valuations, "opened", fail)
    answer = await ask(site, OPEN, account.login, own)

    assert told(answer) == (500, b"Internal server error", "text/plain; charset=utf-8")


async def test_a_database_out_of_reach_is_said_to_be_busy(
    site: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def unreachable(*_: Any, **__: Any) -> None:
        raise psycopg.OperationalError

    monkeypatch.setattr(Connection, "open", unreachable)

    for answer in (await ask(site, OPEN, 1, "x"), await site.post(BEGIN, json={"login": 1, "password": "x"})):
        assert told(answer) == (503, b"Service unavailable", "text/plain; charset=utf-8")
        assert answer.headers["retry-after"] == "1"
