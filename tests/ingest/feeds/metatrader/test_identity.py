"""Whose a row is: numbers that two servers have, that are used again, or that nobody knows yet."""

from decimal import Decimal

import pytest

from tests.double.schema import Generation
from tests.ingest.feeds.metatrader.following import Followed, Following

BOTH = ["mt4-2017", "mt5-2023"]
MEMBERSHIPS = 'SELECT "group", agent, since FROM memberships ORDER BY since'
OWNERS = "SELECT login, registered_at FROM sources WHERE number = 1001 ORDER BY since"


async def test_the_same_number_on_two_servers_is_two_accounts(follow: Following) -> None:
    one, two = await follow("mt5-2023", "One"), await follow("mt4-2017", "Two")
    for server, amount in ((one, "10"), (two, "20")):
        server.broker.deposit(server.broker.account("usd", 1001), amount)
        await server.load()
    logins = [await server.login(1001) for server in (one, two)]
    assert logins[0] == 1001
    assert logins[1] >= 10**12
    for server in (one, two):
        assert await server.differences() == []


@pytest.mark.parametrize("generation", BOTH)
async def test_a_number_that_is_used_again_is_another_account(follow: Following, generation: Generation) -> None:
    server = await follow(generation)
    first = server.broker.account("usd", 1001)
    server.broker.deposit(first, "10000")
    server.broker.close(first, server.broker.open(first, "EURUSD", "buy", "1.00"))
    await server.load()
    server.broker.delete(first)
    await server.step()
    server.broker.wait(days=30)
    second = server.broker.account("usd", 1001, name="Another")
    server.broker.deposit(second, "500")
    await server.step()
    owners = await server.rows(OWNERS)
    assert [owner[0] for owner in owners] == [1001, owners[1][0]]
    assert owners[1][0] >= 10**12
    assert await server.differences() == []
    held = "SELECT count(*) FROM closed_trades WHERE login = %(login)s"
    assert await server.conn.value(held, login=owners[0][0]) == 1
    assert await server.conn.value(held, login=owners[1][0]) == 0


@pytest.mark.parametrize("generation", BOTH)
async def test_what_an_earlier_owner_did_is_not_the_new_ones(follow: Following, generation: Generation) -> None:
    server = await follow(generation)
    first = server.broker.account("usd", 1001)
    server.broker.deposit(first, "10000")
    server.broker.delete(first)
    server.broker.wait(days=30)
    second = server.broker.account("usd", 1001, name="Another")
    server.broker.deposit(second, "500")
    await server.load()
    assert await server.rows("SELECT amount FROM movements") == [(Decimal(500),)]
    assert await server.conn.value("SELECT count(*) FROM parked_rows") == 1
    assert await server.differences() == []


@pytest.mark.parametrize("generation", BOTH)
async def test_rows_wait_for_their_account(follow: Following, generation: Generation) -> None:
    server = await follow(generation)
    await server.load()
    account = server.broker.account("usd")
    server.broker.deposit(account, "10000")
    server.broker.close(account, server.broker.open(account, "EURUSD", "buy", "1.00"))
    await without_accounts(server)
    await server.follower.step(server.conn)
    assert await server.rows("SELECT FROM accounts") == []
    assert await server.conn.value("SELECT count(*) FROM parked_rows") > 0
    await server.step()
    assert await server.conn.value("SELECT count(*) FROM parked_rows") == 0
    assert await server.differences() == []


@pytest.mark.parametrize("generation", BOTH)
async def test_rows_of_an_account_in_cents_are_in_its_money_even_if_they_came_first(
    follow: Following, generation: Generation
) -> None:
    server = await follow(generation, settings={"cent_lots": True})
    await server.load()
    account = server.broker.account("cent")
    server.broker.deposit(account, "10000")
    server.broker.place(account, "EURUSD", "buy limit", "1.00", "1.05")
    await without_accounts(server)
    await server.follower.step(server.conn)
    assert await server.conn.value("SELECT count(*) FROM parked_rows") == 2
    await server.step()
    assert await server.rows("SELECT amount FROM movements") == [(Decimal(100),)]
    assert await server.rows("SELECT lots FROM orders") == [(Decimal("0.01"),)]
    assert await server.conn.value("SELECT count(*) FROM parked_rows") == 0


@pytest.mark.parametrize("generation", BOTH)
async def test_what_was_deleted_while_it_waited_for_its_account_does_not_come_with_it(
    follow: Following, generation: Generation
) -> None:
    server = await follow(generation)
    await server.load()
    account = server.broker.account("usd")
    server.broker.deposit(account, "10000")
    twice = server.broker.deposit(account, "500")
    await without_accounts(server)
    await server.follower.step(server.conn)
    server.broker.remove(account, twice)
    await server.step()
    assert await server.differences() == []


async def without_accounts(server: Followed) -> None:
    """Export all that waits but for who has accounts."""
    users = {"mt4_users", "mt5_users", "mt5_accounts"}
    await server.double.exporter.flush([each for each in server.broker.dirty if each[0] not in users])


@pytest.mark.parametrize("generation", BOTH)
async def test_groups_of_the_house_are_left_out(follow: Following, generation: Generation) -> None:
    server = await follow(generation)
    for group in server.broker.groups:
        server.broker.deposit(server.broker.account(group), "100")
    await server.load()
    followed = [key for key, group in server.broker.groups.items() if group.followed]
    assert await server.conn.value("SELECT count(*) FROM accounts") == len(followed)
    assert await server.differences() == []


async def test_masks_of_groups_are_blind_to_case_and_take_the_back_slash_literally(follow: Following) -> None:
    server = await follow("mt5-2023", settings={"groups": ("REAL\\*",), "leave_out": ("Real\\V*",)})
    for group in ("usd", "vip", "eur", "demo"):
        server.broker.account(group)
    await server.load()
    held = await server.rows("SELECT number FROM sources ORDER BY number")
    assert held == [(1001,), (1003,)]


@pytest.mark.parametrize("generation", BOTH)
async def test_group_and_agent_are_known_of_every_time(follow: Following, generation: Generation) -> None:
    server = await follow(generation)
    account = server.broker.account("usd", agent=77)
    await server.load()
    server.broker.wait(days=10)
    server.broker.move(account, "vip", agent=78)
    await server.step()
    told = await server.rows(MEMBERSHIPS)
    assert [row[:2] for row in told] == [
        (server.broker.groups["usd"].name, 77),
        (server.broker.groups["vip"].name, 78),
    ]


async def test_large_numbers_overflow_nothing(follow: Following) -> None:
    server = await follow("mt5-2023")
    server.broker.last = 2**40
    account = server.broker.account("usd", 2**33)
    server.broker.deposit(account, "10000")
    server.broker.open(account, "EURUSD", "buy", "0.10")  # its ExpertID and the symbol's limit are 10^19
    server.broker.place(account, "EURUSD", "buy limit", "0.10", "1.0")
    await server.load()
    assert await server.differences() == []


async def test_the_largest_ticket_of_metatrader_4_is_kept(follow: Following) -> None:
    server = await follow("mt4-2017")
    server.broker.last = 2**31 - 3
    account = server.broker.account("usd")
    assert server.broker.deposit(account, "10000") == 2**31 - 2
    server.broker.open(account, "EURUSD", "buy", "0.10")
    await server.load()
    assert await server.differences() == []


async def test_numbers_of_rows_mean_nothing(follow: Following) -> None:
    server = await follow("mt5-2023")
    account = server.broker.account("usd")
    server.broker.deposit(account, "10000")
    position = server.broker.open(account, "EURUSD", "buy", "0.10")
    await server.load()
    before = await server.events(account.number)
    server.broker.erase("mt5_positions", position.row)
    position.row = server.broker.ticket_of_row() + 5000
    server.broker.told_position(account, position)
    await server.step()
    assert await server.events(account.number) == before
    assert await server.differences() == []


@pytest.mark.parametrize("generation", BOTH)
async def test_money_given_to_another_account_leaves_the_first(follow: Following, generation: Generation) -> None:
    server = await follow(generation)
    wrong, right = server.broker.account("usd"), server.broker.account("usd")
    ticket = server.broker.deposit(wrong, "10000")
    await server.load()
    server.broker.wait(minutes=5)
    server.broker.hand_over(wrong, right, ticket)
    await server.step()
    assert await server.differences() == []
    assert "movement.removed" in await server.events(wrong.number)
    assert "movement.booked" in await server.events(right.number)
