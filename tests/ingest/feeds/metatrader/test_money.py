"""Money and volumes: units, rounding, what is money of a client and what is credit, and that it all adds up."""

from decimal import Decimal

import pytest

from tests.double import GENERATIONS
from tests.double.books import Symbol
from tests.double.mt4 import BALANCE, CREDIT
from tests.double.mt5_house import KINDS
from tests.double.schema import Generation
from tests.ingest.feeds.metatrader.following import Followed, Following

BOTH = ["mt4-2017", "mt5-2023"]
MT5 = [each for each in GENERATIONS if each.startswith("mt5")]
FIGURES = "SELECT balance, credit, complete FROM accounts WHERE login = %(login)s"
COSTS = "SELECT profit, swap, commission, fee FROM closed_trades WHERE ticket = %(ticket)s"


async def figures(followed: Followed, number: int) -> tuple[object, ...]:
    return await followed.row(FIGURES, login=await followed.login(number))


@pytest.mark.parametrize(
    ("generation", "column", "told"),
    [("mt4-2017", "VOLUME", 100), ("mt5-2023", "VolumeExt", 100_000_000), ("mt5-2023", "Volume", 10_000)],
)
async def test_a_lot_is_a_lot_in_every_measure(
    follow: Following, generation: Generation, column: str, told: int
) -> None:
    server = await follow(generation)
    account = server.broker.account("usd")
    position = server.broker.open(account, "EURUSD", "buy", "1.00")
    rows = server.broker.rows["mt4_trades" if generation == "mt4-2017" else "mt5_deals"]
    assert rows[server.broker.last][column] == told
    await server.load()
    assert await server.row("SELECT lots FROM open_trades WHERE position = %(id)s", id=position.id) == (Decimal(1),)


@pytest.mark.parametrize("generation", MT5)
async def test_volumes_too_small_for_the_old_measure_are_not_lost(follow: Following, generation: Generation) -> None:
    server = await follow(generation)
    account = server.broker.account("usd")
    position = server.broker.open(account, "#AAPL", "buy", "0.00001")
    assert server.broker.rows["mt5_deals"][server.broker.last]["Volume"] == 0
    deal = server.broker.close(account, position)
    await server.load()
    assert await server.row("SELECT lots FROM closed_trades WHERE ticket = %(id)s", id=deal) == (Decimal("0.00001"),)


@pytest.mark.parametrize("generation", BOTH)
async def test_noise_of_doubles_never_reaches_a_price(follow: Following, generation: Generation) -> None:
    server = await follow(generation)
    account = server.broker.account("usd")
    prices = []
    for _ in range(30):
        server.broker.walk(["EURUSD"])
        position = server.broker.open(account, "EURUSD", "buy", "0.10") or account.positions()[0]
        prices.append(position.price)
        server.broker.close(account, position)
    await server.load()
    held = await server.rows("SELECT open_price FROM closed_trades ORDER BY ticket")
    assert [row[0] for row in held] == prices
    assert await server.differences() == []


async def test_a_double_that_is_a_step_off_is_the_price_that_was_meant(follow: Following) -> None:
    server = await follow("mt5-2023")
    account = server.broker.account("usd")
    server.broker.open(account, "EURUSD", "buy", "1.00")
    await server.double.flush()
    await server.double.exporter.session.run("UPDATE mt5_deals_2026 SET Price = 1.1403699999999999")
    await server.load()
    assert await server.row("SELECT price FROM deals WHERE price IS NOT NULL AND price > 0") == (Decimal("1.14037"),)


@pytest.mark.parametrize(
    ("group", "told", "kept"), [("usd", "-2.675", "-2.68"), ("usd", "2.665", "2.67"), ("yen", "-2.5", "-3")]
)
async def test_money_is_rounded_half_away_from_zero(follow: Following, group: str, told: str, kept: str) -> None:
    server = await follow("mt5-2023")
    deal = server.broker.book(server.broker.account(group), 2, kept)
    server.broker.rows["mt5_deals"][deal]["Profit"] = Decimal(told)
    await server.load()
    assert await server.row("SELECT amount FROM movements") == (Decimal(kept),)


async def test_a_deal_that_opens_has_no_rate_and_yet_its_costs_count(follow: Following) -> None:
    server = await follow("mt5-2023")
    account = server.broker.account("usd")
    server.broker.deposit(account, "1000")
    server.broker.open(account, "EURUSD", "buy", "1.00")
    assert server.broker.rows["mt5_deals"][server.broker.last]["RateProfit"] == 0
    await server.load()
    assert await figures(server, account.number) == (Decimal("996.50"), Decimal(0), True)
    assert await server.row("SELECT amount FROM daily_costs") == (Decimal("-3.50"),)


@pytest.mark.parametrize("generation", MT5)
async def test_every_kind_of_money_keeps_its_name(follow: Following, generation: Generation) -> None:
    server = await follow(generation)
    account = server.broker.account("usd")
    deals = {server.broker.book(account, action, "10", "because"): kind for action, kind in KINDS.items()}
    await server.load()
    assert dict(await server.rows("SELECT ticket, kind FROM movements")) == deals
    assert await server.differences() == []
    assert account.books.credit == 30  # credit, bonus and the compensation of credit


async def test_a_bonus_is_money_where_the_broker_has_it_so(follow: Following) -> None:
    server = await follow("mt5-2023", settings={"bonus_is_credit": False}, bonus_is_credit=False)
    account = server.broker.account("usd")
    server.broker.book(account, 6, "10")
    await server.load()
    assert await figures(server, account.number) == (Decimal(10), Decimal(0), True)


@pytest.mark.parametrize("generation", BOTH)
async def test_money_out_is_a_movement_below_zero(follow: Following, generation: Generation) -> None:
    server = await follow(generation)
    account = server.broker.account("usd")
    server.broker.deposit(account, "1000")
    server.broker.book(account, BALANCE if generation == "mt4-2017" else 2, "-400", "internal transfer")
    await server.load()
    held = await server.rows("SELECT kind, amount FROM movements ORDER BY ticket")
    assert held == [("balance", Decimal(1000)), ("balance", Decimal(-400))]


@pytest.mark.parametrize("generation", BOTH)
async def test_credit_is_no_balance(follow: Following, generation: Generation) -> None:
    server = await follow(generation)
    account = server.broker.account("usd")
    server.broker.deposit(account, "1000")
    server.broker.book(account, CREDIT if generation == "mt4-2017" else 3, "250")
    await server.load()
    assert await figures(server, account.number) == (Decimal(1000), Decimal(250), True)
    held = await server.rows("SELECT kind, amount FROM movements ORDER BY ticket")
    assert held[1] == ("credit", Decimal(250))


async def test_a_canceled_deal_is_no_trade(follow: Following) -> None:
    server = await follow("mt5-2023")
    account = server.broker.account("usd")
    server.broker.deposit(account, "1000")
    position = server.broker.open(account, "EURUSD", "buy", "1.00")
    server.broker.prices["EURUSD"] += Decimal("0.00100")
    deal = server.broker.close(account, position)
    await server.load()
    assert await server.conn.value("SELECT sum(lots) FROM daily_lots") == 1
    server.broker.wait(minutes=5)
    server.broker.cancel(account, deal)
    await server.step()
    assert await server.rows("SELECT FROM closed_trades") == []
    assert await server.rows("SELECT FROM daily_lots") == []
    assert "trade.removed" in await server.events(account.number)
    assert await server.differences() == []


async def test_costs_count_once_at_each_end_and_daily_ones_without_a_position(follow: Following) -> None:
    server = await follow("mt5-2023")
    account = server.broker.account("usd")
    server.broker.deposit(account, "1000")
    position = server.broker.open(account, "EURUSD", "buy", "1.00")
    deal = server.broker.close(account, position)
    server.broker.book(account, 8, "-1.25")
    await server.load()
    profit = account.books.closings[deal].profit
    assert await server.row(COSTS, ticket=deal) == (profit, Decimal(0), Decimal("-3.50"), Decimal("-0.10"))
    balance = 1000 + profit - Decimal("3.50") * 2 - Decimal("0.10") - Decimal("1.25")
    assert await figures(server, account.number) == (balance, Decimal(0), True)


@pytest.mark.parametrize(("generation", "fee"), [("mt5-2018", "0"), ("mt5-2023", "-0.10"), ("mt5-next", "-0.10")])
async def test_a_fee_counts_once_where_there_is_such_a_column(
    follow: Following, generation: Generation, fee: str
) -> None:
    server = await follow(generation)
    account = server.broker.account("usd")
    server.broker.deposit(account, "1000")
    deal = server.broker.close(account, server.broker.open(account, "EURUSD", "buy", "1.00"))
    await server.load()
    assert (await server.row(COSTS, ticket=deal))[3] == Decimal(fee)
    assert await server.differences() == []


@pytest.mark.parametrize("generation", BOTH)
async def test_money_of_cent_accounts_is_told_in_whole_units_and_prices_as_they_are(
    follow: Following, generation: Generation
) -> None:
    server = await follow(generation)
    account = server.broker.account("cent")
    server.broker.deposit(account, "100000")
    position = server.broker.open(account, "EURUSD", "buy", "0.10")
    price = position.price
    server.broker.prices["EURUSD"] += Decimal("0.00100")
    ticket = server.broker.close(account, position)
    await server.load()
    assert account.books.closings[ticket].profit > 100  # cents
    assert await server.differences() == []
    assert await server.row("SELECT open_price, lots FROM closed_trades") == (price, Decimal("0.10"))


async def test_lots_of_cent_accounts_are_divided_too_if_the_broker_counts_so(follow: Following) -> None:
    server = await follow("mt5-2023", settings={"cent_lots": True})
    account = server.broker.account("cent")
    server.broker.close(account, server.broker.open(account, "EURUSD", "buy", "1.00"))
    await server.load()
    assert await server.row("SELECT lots FROM closed_trades") == (Decimal("0.01"),)


@pytest.mark.parametrize("generation", BOTH)
async def test_what_no_row_explains_is_told_with_its_amount(follow: Following, generation: Generation) -> None:
    server = await follow(generation)
    account = server.broker.account("usd")
    server.broker.deposit(account, "1000")
    account.books.balance += Decimal("12.34")
    account.books.unexplained = Decimal("12.34")
    server.broker.told_account(account)
    await server.load()
    assert await figures(server, account.number) == (Decimal("1012.34"), Decimal(0), False)
    assert await server.row("SELECT amount FROM movements WHERE ticket = -1") == (Decimal("12.34"),)
    assert await server.differences() == []


@pytest.mark.parametrize("generation", BOTH)
async def test_symbols_keep_their_suffixes_and_new_ones_are_learnt(follow: Following, generation: Generation) -> None:
    server = await follow(generation)
    account = server.broker.account("usd")
    await server.load()
    new = Symbol("US500.x", 1, Decimal(10), "USD", "USD", 2, Decimal("5000.5"))
    server.broker.symbols[new.name], server.broker.prices[new.name] = new, new.price
    if generation == "mt5-2023":
        server.broker.told_symbol(new)
    for name in ("EURUSD.", "EURUSDm", "#AAPL", "XAUUSD.swd", new.name):
        server.broker.close(account, server.broker.open(account, name, "buy", "0.10"))
    await server.step()
    held = await server.rows("SELECT DISTINCT symbol FROM closed_trades")
    assert {row[0] for row in held} == {"EURUSD.", "EURUSDm", "#AAPL", "XAUUSD.swd", "US500.x"}
    assert await server.differences() == []
