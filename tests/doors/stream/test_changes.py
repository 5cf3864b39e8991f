"""What changed since an event: page by page, or what there is to begin with."""

from typing import Any

import httpx
import pytest

from opencabinet.accounts import Account
from opencabinet.db import Connection, outbox
from tests import make


async def changes(site: httpx.AsyncClient, account: Account, bearer: str, **query: Any) -> Any:
    """Ask what changed; it must be told."""
    answer = await site.get(
        f"/v1/accounts/{account.login}/changes", params=query, headers={"Authorization": f"Bearer {bearer}"}
    )
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_without_an_event_there_is_the_state_to_begin_from(
    site: httpx.AsyncClient, committed: Connection, account: Account, bearer: str
) -> None:
    await make.open_trade(committed, account.login)
    for _ in range(3):
        await outbox.append(committed, account.login, "trade.opened")
    found = await changes(site, account, bearer)

    assert (found["data"], found["has_more"], found["gap"]) == ([], False, False)
    assert (found["last_event_id"], found["oldest_event_id"]) == (f"evt_{account.login}_3", f"evt_{account.login}_1")
    assert (found["state"]["balance"]["balance"], found["state"]["open_trades"]) == ("1000", 1)


async def test_pages_go_on_from_one_to_the_next_without_a_gap(
    site: httpx.AsyncClient, committed: Connection, account: Account, bearer: str
) -> None:
    for number in range(1, 8):
        await outbox.append(committed, account.login, "trade.closed", ticket=number)
    since, seen, pages = f"evt_{account.login}_0", [], 0
    more = True
    while more:
        page = await changes(site, account, bearer, since=since, limit=3)
        seen += page["data"]
        since, more, pages = page["last_event_id"], page["has_more"], pages + 1

    assert ([each["number"] for each in seen], pages) == (list(range(1, 8)), 3)
    assert [each["data"]["ticket"] for each in seen] == list(range(1, 8))
    assert (await changes(site, account, bearer, since=since))["last_event_id"] == f"evt_{account.login}_7"


async def test_what_is_kept_no_longer_is_told_as_a_gap(
    site: httpx.AsyncClient, committed: Connection, account: Account, bearer: str
) -> None:
    for _ in range(5):
        await outbox.append(committed, account.login, "trade.closed")
    await committed.run("DELETE FROM events WHERE number <= 3")
    found = await changes(site, account, bearer, since=f"evt_{account.login}_1")
    assert (found["gap"], [each["number"] for each in found["data"]]) == (True, [4, 5])
    assert found["oldest_event_id"] == f"evt_{account.login}_4"
    assert not (await changes(site, account, bearer, since=f"evt_{account.login}_3"))["gap"]

    await committed.run("DELETE FROM events")
    assert (await changes(site, account, bearer, since=f"evt_{account.login}_4"))["gap"]
    assert not (await changes(site, account, bearer, since=f"evt_{account.login}_5"))["gap"]
    await outbox.append(committed, account.login, "trade.closed")
    found = await changes(site, account, bearer, since=f"evt_{account.login}_5")
    assert found["last_event_id"] == f"evt_{account.login}_6"


@pytest.mark.parametrize("since", ["evt_{other}_0", "evt_{login}_2", "evt_{login}_9999999999999999999"])
async def test_an_event_of_another_account_or_of_the_future_is_refused(
    site: httpx.AsyncClient, committed: Connection, account: Account, bearer: str, since: str
) -> None:
    other = await make.account(committed)
    await outbox.append(committed, account.login, "trade.closed")
    answer = await site.get(
        f"/v1/accounts/{account.login}/changes",
        params={"since": since.format(login=account.login, other=other.login)},
        headers={"Authorization": f"Bearer {bearer}"},
    )

    assert (answer.status_code, answer.json()["code"], answer.json()["param"]) == (422, "no_such_event", "since")


async def test_an_answer_that_is_held_is_not_sent_again(
    site: httpx.AsyncClient, committed: Connection, account: Account, bearer: str
) -> None:
    path, headers = f"/v1/accounts/{account.login}/changes", {"Authorization": f"Bearer {bearer}"}
    tag = (await site.get(path, headers=headers)).headers["etag"]
    assert (await site.get(path, headers=headers | {"If-None-Match": tag})).status_code == 304
    await outbox.append(committed, account.login, "trade.closed")
    assert (await site.get(path, headers=headers | {"If-None-Match": tag})).status_code == 200
