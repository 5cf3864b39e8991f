"""Every operation of an account answers whoever is signed in, as it answers the account's own token."""

from datetime import timedelta
from typing import Any

import httpx
import pytest

from opencabinet import access
from opencabinet.access import Function
from opencabinet.accounts import Account
from opencabinet.db import Connection
from opencabinet.doors.v1.operation import Operation
from opencabinet.doors.within import Answer
from opencabinet.settings import Settings
from tests import make
from tests.access.people.person import Someone, age
from tests.doors.cabinet.browser import owner
from tests.doors.v1.asking import filled, of_accounts, operations, path
from tests.doors.v1.given import AFTER, BEFORE, QUERIES
from tests.doors.v1.partnering import seeded
from tests.doors.v1.persons import HOST, asked_as
from tests.living import settled

REFUSED = {"changes.create_ticket"}
"""What no session is good for: it stands for a credential that is shown elsewhere."""
PASSWORDLESS = {"credentials.revoke_token", "credentials.revoke_tokens", "credentials.revoke_everything"}


@pytest.fixture
async def account(committed: Connection, database: str) -> Account:
    """An account with something in each list, that is a partner, too."""
    made = await filled(committed)
    await seeded(committed, made.login, database)
    return made


@pytest.fixture
async def ann(committed: Connection, settings: Settings, account: Account) -> Someone:
    """Whose it is; she has just proved that it is her."""
    found = await owner(committed, settings, account.login)
    await found.sign_in()
    await found.step_up()
    return found


async def newest(site: httpx.AsyncClient, ann: Someone, operation: Operation, login: int) -> str:
    """Return the id of the newest of what an operation is of."""
    if "{id}" not in operation.path:
        return ""
    where = operation.path.partition("/{id}")[0].format(login=login)
    return str((await asked_as(site, ann.token, where)).json["data"][0]["id"])


async def answered(site: httpx.AsyncClient, ann: Someone, operation: Operation, login: int, body: Any) -> Answer:
    """Ask for something, with all that it needs."""
    where = operation.path.format(login=login, name="profit_factor", id=await newest(site, ann, operation, login))
    headers = {}
    if 428 in operation.refusals:
        headers["If-Match"] = (await asked_as(site, ann.token, where)).headers["etag"]
    where += "?confirm=lockout" if operation.id == "access.set_policy" else ""
    return await asked_as(site, ann.token, where, method=operation.verb, body=body, headers=headers)


async def test_all_there_is_of_an_account_answers_its_owner(
    site: httpx.AsyncClient, committed: Connection, account: Account, ann: Someone, settings: Settings
) -> None:
    known = {each.id: each for each in operations(site) if isinstance(each.need, Function)}
    for name, body in BEFORE:
        given = {"since": f"evt_{account.login}_0"} if name == "webhooks.replay" else body
        found = await answered(site, ann, known[name], account.login, given)
        assert found.good, (name, found.json)
    await make.token(committed, account.login, settings)
    for each in of_accounts(site):
        where = each.path.format(
            login=account.login, name="profit_factor", id=await newest(site, ann, each, account.login)
        )
        if each.id in {"market.show_quotes", "market.list_candles"}:
            continue
        query = f"?since=evt_{account.login}_0" if each.id == "changes.list_changes" else QUERIES.get(each.id, "")
        found = await asked_as(site, ann.token, where + query)
        assert found.good, (each.id, found.json)
    for name, body in AFTER:
        if name not in known or name in REFUSED:
            continue
        if name in PASSWORDLESS:
            await make.token(committed, account.login, settings)
        found = await answered(site, ann, known[name], account.login, body)
        assert found.good, (name, found.json)
    await settled(site)


async def test_nobody_else_has_any_of_it(
    site: httpx.AsyncClient, committed: Connection, account: Account, settings: Settings
) -> None:
    bob = await owner(committed, settings, email="bob@example.com")
    await bob.sign_in()
    await bob.step_up()
    await access.open_account(committed, account.login)
    for each in operations(site):
        if isinstance(each.need, Function):
            where = each.path.format(login=account.login, name="profit_factor", id="key_1")
            found = await asked_as(site, bob.token, where, method=each.verb, body={} if each.body else None)
            assert found.status in {401, 404}, (each.id, found.json)


async def test_a_session_is_no_credential_that_a_ticket_stands_for(
    site: httpx.AsyncClient, committed: Connection, account: Account, ann: Someone, settings: Settings
) -> None:
    session = (await ann.session()).id
    await committed.run("ALTER TABLE tokens ALTER COLUMN id RESTART WITH " + str(session))
    await make.token(committed, account.login, settings)
    assert await committed.value("SELECT count(*) FROM tokens WHERE id = %(id)s", id=session) == 1

    found = await asked_as(site, ann.token, path(account.login, "tickets"), method="POST", body={})

    assert found.status == 403
    assert await committed.value("SELECT count(*) FROM stream_tickets") == 0


async def test_what_needs_a_proof_says_so_to_whoever_gave_none_of_late(
    site: httpx.AsyncClient, committed: Connection, account: Account, ann: Someone
) -> None:
    await age(committed, stepped_up=timedelta(minutes=6))
    found = await asked_as(site, ann.token, path(account.login, "password"), method="PUT", body={"how": "rotate"})

    assert (found.status, found.json["code"]) == (401, "proof_needed")


async def test_one_change_asked_for_twice_by_one_key_is_made_once(
    site: httpx.AsyncClient, account: Account, ann: Someone
) -> None:
    body = {"kind": "server", "name": "reports", "functions": ["balance"]}
    first, second = [
        await asked_as(
            site,
            ann.token,
            path(account.login, "keys"),
            method="POST",
            body=body,
            headers={"Idempotency-Key": "once"},
        )
        for _ in range(2)
    ]
    assert first.body == second.body
    assert second.headers["idempotent-replayed"] == "true"
    assert len((await asked_as(site, ann.token, path(account.login, "keys"))).json["data"]) == 1


async def test_the_history_says_that_it_was_the_owner_on_the_cabinet(
    site: httpx.AsyncClient, account: Account, ann: Someone
) -> None:
    await asked_as(site, ann.token, path(account.login, "balance"))
    await settled(site)

    rows = (await asked_as(site, ann.token, path(account.login, "authorizations?limit=100"))).json["data"]

    told = [each for each in rows if each["function"] == "balance"]
    assert [(each["channel"], each["granted"]) for each in told] == [("cabinet", True)]


async def test_what_is_told_names_the_host_that_the_page_was_asked_by(
    site: httpx.AsyncClient, account: Account, ann: Someone
) -> None:
    links = (await asked_as(site, ann.token, f"/v1/partners/{account.login}/banners")).json["data"]

    assert links
    assert all(each["link_url"].startswith(f"http://{HOST.decode()}/go/") for each in links)
