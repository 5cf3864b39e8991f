"""Times: walls of servers without a zone, stamps that are UTC, and settings that are wrong."""

from datetime import timedelta
from decimal import Decimal

import pytest
from msgspec import structs

from opencabinet.kernel.problem import Problem
from tests.double import Server
from tests.double.broker import FILETIME_EPOCH
from tests.double.schema import Generation
from tests.ingest.feeds.metatrader.following import Followed, Following, utc

MOVED = "SELECT moved_at, moved_offset FROM movements WHERE ticket = %(ticket)s"
DEALT = "SELECT dealt_at, dealt_offset FROM deals WHERE deal = %(deal)s"


async def moved(followed: Followed, ticket: int) -> tuple[object, ...]:
    return await followed.row(MOVED, ticket=ticket)


async def test_the_wall_of_a_server_an_hour_ahead_is_told_in_utc(follow: Following) -> None:
    server = await follow("mt5-2023", rule="+01:00", now=utc("2019-01-15 06:37:30"))
    account = server.broker.account("usd")
    deal = server.broker.deposit(account, "50000")
    row = server.broker.rows["mt5_deals"][deal]
    assert str(row["Time"]) == "2019-01-15 07:37:30"
    await server.load()
    at, offset = await server.row(DEALT, deal=deal)
    assert (at, offset) == (utc("2019-01-15 06:37:30"), 60)
    assert at == FILETIME_EPOCH + timedelta(microseconds=row["Timestamp"] / 10)


async def test_a_server_tells_its_zone_itself(follow: Following) -> None:
    server = await follow("mt5-2023", settings={"clock": ""}, rule="+01:00", now=utc("2019-01-15 06:37:30"))
    deal = server.broker.deposit(server.broker.account("usd"), "50000")
    await server.load()
    assert await server.row(DEALT, deal=deal) == (utc("2019-01-15 06:37:30"), 60)


async def test_stamps_keep_their_last_digit(follow: Following) -> None:
    server = await follow("mt5-2023", now=utc("2026-01-05 00:00:00"))
    assert server.broker.filetime() == 134120448000000000
    server.broker.deposit(server.broker.account("usd"), "1")
    server.broker.rows["mt5_deals"][server.broker.last]["Timestamp"] = 134120448000000001
    await server.load()
    cursor = await server.conn.value("SELECT cursor::text FROM feeds")
    assert "134120448000000001" in cursor


@pytest.mark.parametrize("generation", ["mt4-2017", "mt5-2023"])
async def test_new_york_and_seven_hours_is_no_zone_of_europe(follow: Following, generation: Generation) -> None:
    server = await follow(generation, now=utc("2026-03-10 09:00:00"))  # America has changed already, Europe has not
    ticket = server.broker.deposit(server.broker.account("usd"), "1")
    assert str(server.broker.wall()) == "2026-03-10 12:00:00"
    await server.load()
    assert await moved(server, ticket) == (utc("2026-03-10 09:00:00"), 180)


async def test_an_hour_that_occurs_twice_is_told_apart_by_the_stamp(follow: Following) -> None:
    server = await follow("mt5-2023", rule="Europe/Athens", now=utc("2026-10-25 00:30:00"))
    account = server.broker.account("usd")
    first = server.broker.deposit(account, "1")
    server.broker.wait(hours=1)
    second = server.broker.deposit(account, "2")
    deals = server.broker.rows["mt5_deals"]
    assert deals[first]["Time"] == deals[second]["Time"]
    await server.load()
    assert await moved(server, first) == (utc("2026-10-25 00:30:00"), 180)
    assert await moved(server, second) == (utc("2026-10-25 01:30:00"), 120)


async def test_an_hour_that_occurs_twice_keeps_the_order_of_tickets(follow: Following) -> None:
    server = await follow("mt4-2017", rule="Europe/Athens", now=utc("2026-10-25 00:30:00"))
    account = server.broker.account("usd")
    first = server.broker.deposit(account, "1")
    server.broker.wait(hours=1)
    second = server.broker.deposit(account, "2")
    await server.load()
    held = await server.rows("SELECT ticket FROM movements ORDER BY moved_at, ticket")
    assert held == [(first,), (second,)]


@pytest.mark.parametrize("generation", ["mt4-2017", "mt5-2023"])
async def test_the_time_zone_of_sessions_does_not_matter(
    follow: Following, mariadb: Server, generation: Generation
) -> None:
    root = await mariadb.session()
    await root.run("SET GLOBAL time_zone = '+08:00'")
    try:
        server = await follow(generation, now=utc("2026-07-01 10:00:00"))
        ticket = server.broker.deposit(server.broker.account("usd"), "1")
        await server.load()
        assert await moved(server, ticket) == (utc("2026-07-01 10:00:00"), 180)
        assert await server.differences() == []
    finally:
        await root.run("SET GLOBAL time_zone = 'SYSTEM'")
        await root.close()


async def test_two_servers_of_one_broker_have_clocks_of_their_own(follow: Following) -> None:
    one = await follow("mt4-2017", "One", rule="+00:00", now=utc("2026-05-05 12:00:00"))
    two = await follow("mt4-2020-upper", "Two", rule="+03:00", now=utc("2026-05-05 09:00:00"))
    two.broker.last = 100
    tickets = [each.broker.deposit(each.broker.account("usd"), "1") for each in (one, two)]
    assert one.broker.wall() == two.broker.wall()
    await one.load()
    await two.load()
    assert await moved(one, tickets[0]) == (utc("2026-05-05 12:00:00"), 0)
    assert await moved(two, tickets[1]) == (utc("2026-05-05 09:00:00"), 180)


@pytest.mark.parametrize("generation", ["mt4-2017", "mt5-2023"])
async def test_a_day_is_that_of_the_server(follow: Following, generation: Generation) -> None:
    server = await follow(generation, rule="+03:00", now=utc("2026-05-05 20:00:00"))
    account = server.broker.account("usd")
    server.broker.deposit(account, "1000")
    position = server.broker.open(account, "EURUSD", "buy", "1.00")
    server.broker.now = utc("2026-05-05 21:30:00")
    server.broker.close(account, position)
    await server.load()
    assert await server.row("SELECT day::text, lots FROM daily_lots") == ("2026-05-06", Decimal(1))


@pytest.mark.parametrize("generation", ["mt4-2017", "mt5-2023"])
async def test_a_wrong_clock_is_noticed_and_nothing_is_told_by_it(follow: Following, generation: Generation) -> None:
    server = await follow(generation, settings={"clock": "+02:00"}, rule="+03:00", now=utc("2026-05-05 12:00:00"))
    server.broker.deposit(server.broker.account("usd"), "1")
    server.broker.walk()
    with pytest.raises(Problem, match=r"(?i)clock|hour|zone"):
        await server.load()
    assert await server.rows("SELECT FROM movements") == []
    assert await server.rows("SELECT FROM servers") == []

    server.feed = structs.replace(server.feed, clock="+03:00")
    await server.restart()
    await server.load()
    assert await server.differences() == []
