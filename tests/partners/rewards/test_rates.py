"""Rates as of a close: where they come from, and trades that wait for one."""

from datetime import timedelta
from decimal import Decimal

import pytest

from opencabinet import accounts, market
from opencabinet.accounts import Origin
from opencabinet.db import Connection
from opencabinet.kernel.ids import Login
from opencabinet.market import Instrument, Quote
from opencabinet.partners import plans, rewards
from opencabinet.partners.rewards.rates import NoRate, Rates, Unasked, ask
from opencabinet.partners.rewards.rates.model import Wanted
from tests import make
from tests.partners.rewards.programme import (
    CLOSED,
    caught_up,
    close,
    follower,
    laid_out,
    of_trade,
    per_lot,
    referred,
    sound,
)

MINUTE = timedelta(minutes=1)
RATES = "SELECT explanation FROM reward_workings ORDER BY revision"


async def quoted(conn: Connection, symbol: str, bid: str, at: object, server: str = "S") -> None:
    """Let a pair be quoted on a server, as a feed tells it."""
    await accounts.know_server(conn, server, "UTC")
    base, quote = symbol[:3], symbol[3:]
    told = {"digits": 5, "contract_size": Decimal(100_000), "base_currency": base, "profit_currency": quote}
    await market.save_instruments(conn, [Instrument(server=server, symbol=symbol, told_by="feed", **told)])
    row = Quote(server=server, symbol=symbol, bid=Decimal(bid), ask=None, quoted_at=at, told_by="feed")  # type: ignore[arg-type]
    await market.save_quotes(conn, [row])


async def rate(conn: Connection, base: str, quote: str, at: object = CLOSED, server: str = "S") -> object:
    [(_, found)] = await ask(conn, [Wanted(server, base, quote, at)])  # type: ignore[arg-type]
    return found


async def test_the_last_bid_before_a_moment_holds_with_its_source_and_time(conn: Connection) -> None:
    for minutes, bid in ((30, "1.10"), (10, "1.20"), (-5, "1.30")):
        await quoted(conn, "EURUSD", bid, CLOSED - minutes * MINUTE)

    found = await rate(conn, "EUR", "USD")

    assert found == plans.Rate("EUR", "USD", Decimal("1.20"), "S EURUSD", CLOSED - 10 * MINUTE)
    assert await rate(conn, "USD", "EUR") == found, "as it is quoted, the other way round"


async def test_rates_lead_over_a_pivot(conn: Connection) -> None:
    await quoted(conn, "EURUSD", "1.25", CLOSED - 2 * MINUTE)
    await quoted(conn, "USDJPY", "160", CLOSED - MINUTE)

    found = await rate(conn, "EUR", "JPY")

    assert found == plans.Rate("EUR", "JPY", Decimal(200), "S EURUSD, S USDJPY", CLOSED - 2 * MINUTE)


async def test_a_servers_own_quotes_come_before_those_of_others(conn: Connection) -> None:
    await quoted(conn, "EURUSD", "1.1", CLOSED - 30 * MINUTE)
    await quoted(conn, "EURUSD", "1.2", CLOSED - MINUTE, "Other")

    own, others = [await rate(conn, "EUR", "USD", server=server) for server in ("S", "Third")]

    assert own.rate == Decimal("1.1")  # type: ignore[attr-defined]
    assert others.rate == Decimal("1.2")  # type: ignore[attr-defined]


async def test_a_rate_that_is_too_old_or_of_later_is_none(conn: Connection) -> None:
    await quoted(conn, "EURUSD", "1.1", CLOSED - timedelta(days=5))
    await quoted(conn, "GBPUSD", "1.3", CLOSED + MINUTE)

    assert await rate(conn, "EUR", "USD") is None
    assert await rate(conn, "GBP", "USD") is None


async def test_when_minutes_are_forgotten_longer_candles_tell(conn: Connection) -> None:
    await quoted(conn, "EURUSD", "1.1", CLOSED - 3 * MINUTE)
    await quoted(conn, "EURUSD", "1.3", CLOSED + timedelta(days=2))
    await conn.run("DELETE FROM candles WHERE step = 'M1'")

    found = await rate(conn, "EUR", "USD")

    assert found == plans.Rate("EUR", "USD", Decimal("1.1"), "S EURUSD", CLOSED - 3 * MINUTE)


def test_rates_are_asked_once_and_recorded_ones_hold() -> None:
    rates, given = Rates(), plans.Rate("EUR", "USD", Decimal("1.5"), "then", CLOSED)
    fresh, recorded = rates.of("S", CLOSED, {}), rates.of("S", CLOSED, {("EUR", "USD"): given})
    assert fresh("USD", "USD").rate == 1
    assert recorded("EUR", "USD") == given
    assert recorded("USD", "EUR") == given

    with pytest.raises(Unasked):
        fresh("EUR", "USD")
    [wanted] = rates.missing
    rates.learn([(wanted, None)])
    with pytest.raises(NoRate):
        fresh("EUR", "USD")
    rates.forget_missing()
    with pytest.raises(Unasked):
        fresh("EUR", "USD")


async def client_of(conn: Connection, partner: Login) -> Login:
    """Open an account on a server that is a partner's client."""
    client = await referred(conn, partner)
    await accounts.know_server(conn, "S", "UTC")
    await accounts.add_origin(conn, Origin(server="S", number=7, since=CLOSED - timedelta(days=900), login=client))
    return client


async def test_a_trade_without_a_rate_waits_until_there_is_one(committed: Connection, database: str) -> None:
    it = await laid_out(committed)
    await plans.save(committed, per_lot("default", "5", currency="EUR"), CLOSED - timedelta(days=1), "")
    client = await client_of(committed, it.direct)
    waiting, later = await close(committed, client), await close(committed, it.client, lots=Decimal(0))
    await caught_up(database)
    assert await of_trade(committed, waiting.ticket) == {}
    assert await committed.values("SELECT first FROM reward_waiting WHERE why = 'rate'") == [waiting.ticket]
    async with follower(database) as following:
        assert not await following.retry(), "it was tried just now"

    await quoted(committed, "EURUSD", "1.1", CLOSED - MINUTE)
    await committed.run("UPDATE reward_waiting SET tried_at = '-infinity'")
    async with follower(database) as following:
        assert await following.retry()

    assert (await of_trade(committed, waiting.ticket))[it.direct] == 11
    assert await of_trade(committed, later.ticket) == {}
    assert await rewards.waiting(committed) == 0
    await sound(committed)


async def test_a_correction_is_worked_out_with_the_rate_of_before(committed: Connection, database: str) -> None:
    it = await laid_out(committed)
    await plans.save(committed, per_lot("default", "5", currency="EUR"), CLOSED - timedelta(days=1), "")
    client = await client_of(committed, it.direct)
    await quoted(committed, "EURUSD", "1.1", CLOSED - 3 * MINUTE)
    trade = await close(committed, client)
    await caught_up(database)

    await quoted(committed, "EURUSD", "1.4", CLOSED - 2 * MINUTE)
    await close(committed, client, ticket=trade.ticket, lots=Decimal(4))
    await caught_up(database)

    assert (await of_trade(committed, trade.ticket))[it.direct] == 22
    assert all('"rate":"1.1' in each and "S EURUSD" in each for each in await committed.values(RATES))
    await sound(committed)


async def test_what_still_waits_is_tried_again_and_again(committed: Connection, database: str) -> None:
    it = await laid_out(committed)
    await plans.save(committed, per_lot("default", "5", currency="EUR"), CLOSED - timedelta(days=1), "")
    await close(committed, await client_of(committed, it.direct))
    await caught_up(database)

    for _ in range(2):
        await committed.run("UPDATE reward_waiting SET tried_at = '-infinity'")
        async with follower(database) as following:
            assert await following.retry()
        assert await rewards.waiting(committed) == 1
    assert await committed.value("SELECT tried_at FROM reward_waiting") > make.NOW
