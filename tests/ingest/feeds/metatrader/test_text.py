"""Names, schemas and what must never be read."""

from datetime import UTC, datetime
from typing import Any

import pytest
from msgspec import structs

from opencabinet.ingest.feeds import FeedRefused
from opencabinet.ingest.feeds.metatrader.checking import check
from tests.double import GENERATIONS, Double, Server
from tests.double.play import Player
from tests.double.schema import Generation
from tests.double.server import EXPORTER
from tests.ingest.feeds.metatrader.following import Followed, Following

SOME = ["mt4-2020-upper", "mt5-2018", "mt5-2023"]
SECRET = ("password_phone", "phonepassword", "api_data", "apidata", "enable_otp", "otp")
PERSONAL = ("email", "phone", "address", "zipcode", "city", "state", "country", "passport", "lastip", "comment")
ASKED = "SELECT lower(convert(argument USING utf8mb4)) FROM mysql.general_log WHERE user_host LIKE 'reader%%'"
NAMES = ["张伟 王", "محمد علي", "Zoë Ångström", "ZZ\\Top \"x\" 'y'", "tab\tand\nline", "  padded  "]


async def asked(mariadb: Server, follow: Following, generation: Generation) -> list[str]:
    """Return all that a follower asks while it loads, looks and sweeps."""
    root = await mariadb.session()
    await root.run("SET GLOBAL log_output = 'TABLE'")
    await root.run("TRUNCATE TABLE mysql.general_log")
    await root.run("SET GLOBAL general_log = ON")
    try:
        server = await follow(generation)
        Player(server.broker).begin()
        await server.load()
        await server.step()
        await server.sweep()
    finally:
        await root.run("SET GLOBAL general_log = OFF")
    said = [row[0] for row in await root.rows(ASKED)]
    await root.close()
    return said


@pytest.mark.parametrize("generation", GENERATIONS)
async def test_secrets_and_times_of_the_session_are_never_asked_for(
    mariadb: Server, follow: Following, generation: Generation
) -> None:
    said = await asked(mariadb, follow, generation)
    assert any("trades" in each or "deals" in each for each in said)
    for statement in said:
        assert "from_unixtime" not in statement
        assert "unix_timestamp" not in statement
        if "information_schema" not in statement:
            assert not [each for each in SECRET if each in statement]
            assert "select *" not in statement
            assert "`name`" not in statement
        if "_users" in statement:
            assert not [each for each in PERSONAL if f"`{each}`" in statement]


@pytest.mark.parametrize("generation", GENERATIONS)
async def test_every_generation_of_columns_is_read(follow: Following, generation: Generation) -> None:
    server = await follow(generation)
    player = Player(server.broker)
    player.begin(12)
    player.act(200)
    await server.load()
    assert await server.differences() == []
    player.act(100)
    await server.step()
    await server.sweep()
    assert await server.differences() == []


@pytest.mark.parametrize("generation", ["mt4-2012", "mt5-2023"])
async def test_the_order_of_columns_means_nothing(follow: Following, generation: Generation) -> None:
    server = await follow(generation)
    Player(server.broker).begin()
    await server.double.flush()
    await shuffle(server.double)
    await server.load()
    assert await server.differences() == []


async def shuffle(double: Double) -> None:
    """Move the first column of each table to its end."""
    for name in sorted(double.exporter.made):
        found = await double.exporter.session.rows(f"SHOW CREATE TABLE `{name}`")
        first, last = [line.strip().rstrip(",") for line in found[0][1].split("\n") if line.startswith("  `")][:2]
        await double.exporter.session.run(f"ALTER TABLE `{name}` MODIFY {first} AFTER {last.split()[0]}")


@pytest.mark.parametrize("generation", SOME)
async def test_names_of_every_alphabet_arrive_as_they_were_written(follow: Following, generation: Generation) -> None:
    server = await follow(generation, settings={"names": True})
    for name in NAMES:
        server.broker.account("usd", name=name)
    await server.load()
    held = dict(await server.rows("SELECT number, name FROM sources JOIN accounts USING (login)"))
    for account in server.broker.accounts.values():
        assert held[account.number].split() == account.name.split()


@pytest.mark.parametrize("generation", ["mt4-2017", "mt5-2023"])
async def test_names_are_not_read_unless_the_broker_wants_it(follow: Following, generation: Generation) -> None:
    server = await follow(generation)
    server.broker.account("usd", name="Somebody")
    await server.load()
    assert await server.rows("SELECT FROM accounts WHERE name LIKE '%%Somebody%%'") == []


@pytest.mark.parametrize("generation", ["mt4-2017", "mt5-2023"])
async def test_comments_of_any_kind_are_kept(follow: Following, generation: Generation) -> None:
    server = await follow(generation)
    account = server.broker.account("usd")
    for comment in ("50% \\N off", "a\\tb", "tab\there", "line\nbreak", "نقل #1", "'; DROP TABLE x; --"):
        kind: Any = 6 if generation == "mt4-2017" else 2
        server.broker.book(account, kind, "1", comment)
    await server.load()
    assert await comments(server) == [each.comment for each in account.books.movements.values()]


async def comments(server: Followed) -> list[str]:
    return [row[0] for row in await server.rows("SELECT comment FROM movements ORDER BY ticket")]


@pytest.mark.parametrize("generation", SOME)
async def test_symbols_that_were_never_quoted_break_nothing(follow: Following, generation: Generation) -> None:
    server = await follow(generation)
    server.broker.account("usd")
    await server.load()
    assert await server.rows("SELECT FROM quotes WHERE symbol = 'NEVER'") == []
    assert await server.state() == "live"


async def test_absurd_numbers_break_nothing(follow: Following) -> None:
    server = await follow("mt5-2023")
    account = server.broker.account("usd")
    server.broker.deposit(account, "10")
    await server.double.flush()
    await server.double.exporter.session.run("UPDATE mt5_accounts SET Margin = 1e300, MarginLevel = 1e308")
    await server.load()
    assert await server.row("SELECT balance, complete FROM accounts") == (10, True)
    assert await server.state() == "live"


async def test_a_deal_without_a_time_has_that_of_its_stamp(follow: Following) -> None:
    server = await follow("mt5-2023")
    account = server.broker.account("usd")
    await server.load()
    server.broker.deposit(account, "10")
    server.broker.deposit(account, "20")
    await server.double.flush()
    session = server.double.exporter.session
    await session.run("UPDATE mt5_deals_2026 SET Time = '1970-01-01', TimeMsc = '1970-01-01'")
    await session.run("UPDATE mt5_deals_2026 SET Timestamp = 0 WHERE Profit = 20")
    await server.step()
    assert await server.rows("SELECT amount, moved_at FROM movements WHERE ticket > 0") == [(10, server.broker.now)]


@pytest.mark.parametrize("generation", SOME)
async def test_what_no_account_and_no_trade_can_be_keeps_no_other_waiting(
    follow: Following, generation: Generation
) -> None:
    server = await follow(generation)
    account = server.broker.account("usd")
    server.broker.deposit(account, "10")
    server.broker.open(account, "EURUSD", "buy", "1.00")
    server.broker.account("usd", 1002)
    await server.double.flush()
    session = server.double.exporter.session
    users = server.double.exporter.named(f"{generation[:3]}_users")
    await session.run(f"UPDATE {users} SET LOGIN = 0 WHERE LOGIN = 1002")  # noqa: S608 - our own words
    if generation.startswith("mt4"):
        await session.run("UPDATE MT4_TRADES SET VOLUME = -VOLUME")
    await server.load()
    assert await server.rows("SELECT login FROM accounts") == [(1001,)]
    assert await server.conn.value("SELECT count(*) FROM open_trades") == 1


async def test_a_row_that_cannot_be_kept_is_refused_without_telling_what_it_holds(follow: Following) -> None:
    server = await follow("mt5-2023")
    server.broker.deposit(server.broker.account("usd"), "10")
    await server.double.flush()
    strict = "CREATE TEMP TABLE read_deals (LIKE public.read_deals, CHECK (comment = '')) ON COMMIT DELETE ROWS"
    await server.conn.run(strict)
    with pytest.raises(FeedRefused, match="A row cannot be kept") as refused:
        await server.load()
    assert "Deposit" not in refused.value.detail
    assert refused.value.__cause__ is None
    await server.conn.run("DROP TABLE pg_temp.read_deals")
    await server.load()
    assert await server.differences() == []


@pytest.mark.parametrize("generation", SOME)
async def test_a_reader_that_may_write_is_doubted(follow: Following, generation: Generation) -> None:
    server = await follow(generation, now=datetime.now(UTC).replace(microsecond=0))
    server.broker.walk()
    await server.double.flush()
    writing = structs.replace(server.feed, url=server.double.url(EXPORTER))
    doubts = [(await check(feed)).doubts for feed in (server.feed, writing)]
    assert not any("may write" in each for each in doubts[0])
    assert any("may write" in each for each in doubts[1])
    assert any("index" in each for each in doubts[0]) == (generation == "mt5-2018")
    assert await server.rows("SELECT FROM servers") == []
