"""Webhooks as the operator sees them."""

from opencabinet import webhooks
from opencabinet.db import Connection, outbox
from opencabinet.webhooks import Wanted
from opencabinet.webhooks.deliveries import actions, store
from opencabinet.webhooks.deliveries.model import Answer
from tests import make
from tests.cli.console import cabinet, refused
from tests.cli.test_access import listed

URL = "https://hooks.example.com/[bold]x"


async def test_webhooks_are_listed_paused_and_resumed(installed: Connection) -> None:
    logins = [(await make.account(installed)).login for _ in range(2)]
    made = [await webhooks.make(installed, each, Wanted(url=URL), key=b"k" * 32) for each in logins]
    number = made[0].endpoint.id

    everything = await cabinet("webhooks", "list")
    assert [row[:5] for row in listed(everything.out)] == [
        [str(each.endpoint.login), f"whk_{each.endpoint.id}", URL, "all", "active"] for each in made
    ]
    assert not any(each.secret in everything.out for each in made)
    assert (await cabinet("webhooks", "pause", str(logins[0]), str(number))).out == f"whk_{number} is paused.\n"
    [row] = listed((await cabinet("webhooks", "list", str(logins[0]))).out)
    assert (row[4], row[6]) == ("paused", "It was paused by the operator.")
    assert (await cabinet("webhooks", "resume", str(logins[0]), str(number))).out == f"whk_{number} is active.\n"
    assert [each.state for each in await webhooks.listed(installed, logins[0])] == ["active"]
    assert [each.kind for each in await outbox.since(installed, logins[0], 0, 9)] == ["webhook.paused"]
    refused(await cabinet("webhooks", "pause", str(logins[1]), str(number)), "no such webhook")


async def test_deliveries_are_listed_with_the_last_answer(installed: Connection) -> None:
    login = (await make.account(installed)).login
    made = await webhooks.make(installed, login, Wanted(url=URL), key=b"k" * 32)
    for _ in range(3):
        await outbox.append(installed, login, "trade.closed")
    async with installed.transaction():
        await actions.queue(installed, await outbox.since(installed, login, 0, 9))
    [due] = await store.begin(installed, [(login, made.endpoint.id, 1)])
    await actions.settle(installed, due, make.NOW, Answer(status=500, outcome="refused", milliseconds=7))

    said = await cabinet("webhooks", "deliveries", str(login), str(made.endpoint.id))
    some = await cabinet("webhooks", "deliveries", str(login), str(made.endpoint.id), "--limit", "1")

    rows = listed(said.out)
    assert [(row[0], row[1], row[2], row[3]) for row in rows] == [
        (f"evt_{login}_{number}", "trade.closed", "waiting", str(tries)) for number, tries in ((3, 0), (2, 0), (1, 1))
    ]
    assert rows[2][6] == "500 refused (7 ms)"
    assert "There are older ones." in some.out
    refused(await cabinet("webhooks", "deliveries", str(login), "999999"), "no such webhook")
