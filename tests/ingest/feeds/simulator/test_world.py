from decimal import Decimal
from random import Random

import pytest

from opencabinet.ingest.feeds.model import AccountRow, Batch, ClosedRow, DealRow, MovementRow, OpenRow, OrderRow
from opencabinet.ingest.feeds.simulator import PEOPLE, Broker, place
from opencabinet.ingest.feeds.simulator.symbols import SYMBOLS, Symbol
from opencabinet.kernel.money import exponent
from tests.ingest.feeds.simulator.kept import DAY, HOUR, MONDAY, Kept, lived, moment

MONTH = MONDAY + 31 * DAY
CALM_AND_BUSY = [("busy", 20 * HOUR), ("gap", 20 * HOUR + 60), ("calm", 20 * HOUR + 180)]


def told(steps: list[int], seed: int = 7) -> Kept:
    """Give what is known after a broker went from step to step, two days of which some minutes are busy."""
    broker, kept = Broker(seed, MONDAY), Kept()
    for name, at in CALM_AND_BUSY:
        broker.incident(name, at=MONDAY + at)
    for until in steps:
        kept.hear(broker.advance(until))
    return kept


def test_the_same_is_known_however_the_steps_are_taken() -> None:
    end = MONDAY + 2 * DAY
    chance = Random(3)  # noqa: S311 - moments, no secrets
    many = sorted({MONDAY + chance.randrange(2 * DAY) for _ in range(300)} | {end})
    busy = list(range(MONDAY + 20 * HOUR, MONDAY + 20 * HOUR + 240))

    at_once, step_by_step = told([end]), told(sorted({*many, *busy}))

    assert at_once.rows == step_by_step.rows
    assert sum(isinstance(row, ClosedRow) for row in at_once.rows.values()) > 5


def test_another_seed_tells_another_story() -> None:
    assert told([MONDAY + DAY], seed=7).rows != told([MONDAY + DAY], seed=8).rows


def after(broker: Broker, until: int) -> list[Batch]:
    return broker.advance(until)


def test_who_was_killed_goes_on_with_the_same_future() -> None:
    broker = Broker(7, MONDAY)
    broker.incident("busy", at=MONDAY + 20 * HOUR)
    broker.incident("stop_out", 1001001, at=MONDAY + 20 * HOUR + 30)
    broker.incident("gap", at=MONDAY + 20 * HOUR + 60)
    for until in (MONDAY + 20 * HOUR, *(MONDAY + 20 * HOUR + second for second in range(1, 100, 7))):
        batches = broker.advance(until)
        again = Broker.resumed([place(batch.cursor) for batch in batches])
        assert again.world.now == until

        assert after(again, until + 600) == after(Broker.resumed([place(batches[0].cursor)]), until + 600)
        again = Broker.resumed([place(batch.cursor) for batch in batches])
        kept = Kept().hear(batches)
        whole = Broker(7, MONDAY)
        for order in broker.world.orders:
            whole.world.order(order)
        straight = Kept().hear([*whole.history(until), *whole.advance(until + 50)])
        assert {row.number: row for row in kept.hear(again.advance(until + 50)).accounts()} == {
            row.number: row for row in straight.accounts()
        }


def test_a_server_that_is_behind_hears_again_what_it_missed() -> None:
    broker, kept = lived(7, 2, busy=True)
    ahead, behind = broker.advance(broker.world.now + 10)
    kept.hear([ahead, behind])
    ahead, missed = broker.advance(broker.world.now + 50)
    kept.hear([ahead])

    again = Broker.resumed([place(ahead.cursor), place(behind.cursor)])

    assert again.world.now == broker.world.now - 50
    straight = Kept()
    straight.rows = kept.rows.copy()
    assert kept.hear(again.advance(broker.world.now)).rows == straight.hear([missed]).rows


def test_the_books_balance_on_every_day_of_a_month() -> None:
    broker, kept = Broker(7, MONDAY), Kept()
    for until in range(MONDAY + DAY // 2, MONTH, DAY):
        kept.hear(broker.advance(until))
        for account in kept.accounts():
            assert account.balance == kept.balance(account.number)
            assert account.credit == kept.credit(account.number)
            open_ = [row for row in kept.of(account.number) if isinstance(row, OpenRow)]
            profit = sum((row.profit for row in open_), Decimal(0))
            costs = sum((row.swap + row.commission for row in open_), Decimal(0))
            assert account.floating == (profit + costs if account.platform == "mt4" else profit)
            assert account.equity == account.balance + account.credit + profit + costs
    assert len(kept.accounts()) == len(PEOPLE)


def test_money_has_the_decimals_of_its_currency() -> None:
    _, kept = lived(7, 20)
    currencies = {account.number: account.currency for account in kept.accounts()}
    assert "JPY" in currencies.values()

    for row in kept.rows.values():
        if isinstance(row, ClosedRow | DealRow):
            for amount in (row.profit, row.swap, row.commission):
                assert amount == round(amount, exponent(currencies[row.number]))


def test_a_closing_brings_what_its_prices_say() -> None:
    _, kept = lived(7, 10)
    dollars = [row for row in kept.of(1001001) if isinstance(row, ClosedRow) and row.symbol == "EURUSD"]

    assert dollars
    for row in dollars:
        assert row.open_price is not None
        move = row.close_price - row.open_price if row.side == "buy" else row.open_price - row.close_price
        assert row.profit == round(move * row.lots * 100_000, 2)


def test_every_trade_happens_while_its_market_is_open() -> None:
    broker, kept = lived(7, 30)
    symbols = broker.world.prices

    for row in kept.rows.values():
        if isinstance(row, DealRow) and row.symbol:
            symbol = next(one for one in broker.world.books[row.number].person.symbols if one == row.symbol)
            assert symbols.open(known(symbol), int(row.dealt_at.timestamp()))
        if isinstance(row, ClosedRow):
            assert symbols.open(known(row.symbol), int(row.closed_at.timestamp()))


def known(name: str) -> Symbol:
    return SYMBOLS[name]


def test_levels_end_trades_at_the_first_price_that_reaches_them() -> None:
    broker, kept = lived(7, 30)
    ended = [row for row in kept.of(1001001) if isinstance(row, ClosedRow) and row.comment in {"[sl]", "[tp]"}]

    assert {row.comment for row in ended} == {"[sl]", "[tp]"}
    for row in ended:
        level = row.stop_loss if row.comment == "[sl]" else row.take_profit
        assert level is not None
        past = (row.close_price - level) * (1 if row.side == "buy" else -1)
        assert past <= 0 if row.comment == "[sl]" else past == 0
        before = broker.world.prices.tick(known(row.symbol), int(row.closed_at.timestamp()) - 1)
        leaving = before.bid if row.side == "buy" else before.ask
        assert (leaving - level) * (1 if row.side == "buy" else -1) * (1 if row.comment == "[sl]" else -1) > 0


def test_swaps_are_booked_at_midnight_and_three_nights_on_wednesday() -> None:
    broker = Broker(7, MONDAY)
    broker.advance(MONDAY + 10 * HOUR)
    book = broker.world.books[1001004]
    held = book.open(known("EURUSD"), "buy", Decimal(1), MONDAY + 10 * HOUR + 1)
    assert held is not None

    booked = []
    for day in range(1, 8):
        before = held.swap
        broker.advance(MONDAY + day * DAY + (-HOUR + 1 if day == 7 else 1))
        booked.append(held.swap - before)

    assert booked == [Decimal("-6.80"), Decimal("-6.80"), Decimal("-20.40"), Decimal("-6.80"), Decimal("-6.80"), 0, 0]


def test_a_partner_gets_a_rebate_for_the_lots_of_those_they_brought() -> None:
    _, kept = lived(7, 30)

    rebates = [row for row in kept.of(1001001) if isinstance(row, MovementRow) and row.comment.startswith("Rebate #")]

    assert rebates
    assert all(row.amount > 0 for row in rebates)
    theirs = [row for row in kept.of(2001001) if isinstance(row, DealRow) and row.type == "agent daily"]
    assert theirs
    assert {row.comment for row in theirs} == {"Rebate #2001002"}


def test_a_copier_does_seconds_later_what_the_leader_did() -> None:
    _, kept = lived(7, 20)
    leader = {row.order: row for row in kept.of(2001001) if isinstance(row, DealRow) and row.direction == "in"}
    orders = [row for row in kept.of(2001002) if isinstance(row, OrderRow) and row.comment.startswith("copy #")]

    copied = [(leader[int(row.comment[6:])], row) for row in orders if int(row.comment[6:]) in leader]

    entries = [pair for pair in copied if (pair[1].placed_at - pair[0].dealt_at).total_seconds() <= 3]
    assert entries
    assert all(one.symbol == other.symbol and one.type == other.type for one, other in entries)


def test_a_bonus_becomes_money_once_its_lots_have_closed() -> None:
    _, kept = lived(7, 250)

    moves = [row for row in kept.of(2001002) if isinstance(row, DealRow) and row.type in {"credit", "balance"}]

    said = [row.comment for row in sorted(moves, key=lambda row: row.deal)]
    assert said[1] == "Welcome bonus, 5 lots to trade"
    assert "Bonus released" in said
    released = next(row for row in moves if row.comment == "Bonus released")
    lots = [
        row.lots_closed for row in kept.of(2001002) if isinstance(row, DealRow) and row.dealt_at < released.dealt_at
    ]
    assert sum(filter(None, lots)) >= 5
    assert kept.credit(2001002) == 0


def test_whoever_averages_down_is_stopped_out_below_half_of_the_margin() -> None:
    _, kept = lived(6, 250)

    ends = [row for row in kept.of(1001002) if isinstance(row, ClosedRow) and row.comment.startswith("so: ")]

    assert ends
    assert all(Decimal(row.comment[4:].partition("%")[0]) <= 50 for row in ends)


def test_a_busy_broker_trades_every_few_seconds_and_on_weekends_too() -> None:
    saturday = MONDAY + 5 * DAY + 10 * HOUR
    for start in (MONDAY + 10 * HOUR, saturday):
        broker = Broker(7, MONDAY)
        broker.advance(start)
        broker.incident("busy")
        changes = sum(
            isinstance(row, DealRow | ClosedRow | OrderRow)
            for batch in broker.advance(start + 300)
            for row in batch.rows
        )
        assert changes > 40


def test_accounts_begin_with_a_deposit_and_are_not_told_before() -> None:
    broker = Broker(7, MONDAY)

    early = broker.advance(MONDAY + HOUR)
    later = broker.advance(MONDAY + 12 * HOUR)

    assert [row for batch in early for row in batch.rows if isinstance(row, AccountRow)] == []
    assert {row.number for batch in later for row in batch.rows if isinstance(row, AccountRow)} == {
        person.number for person in PEOPLE
    }
    assert all(batch.as_of == moment(MONDAY + 12 * HOUR) for batch in later)


def test_what_was_told_cannot_be_told_otherwise() -> None:
    broker = Broker(7, MONDAY)
    broker.advance(MONDAY + HOUR)

    broker.incident("gap", at=MONDAY)

    assert broker.world.orders[0].at == MONDAY + HOUR + 1
    assert broker.advance(MONDAY + HOUR) == []


@pytest.mark.parametrize("number", [person.number for person in PEOPLE])
def test_everybody_trades_within_a_quarter(number: int) -> None:
    _, kept = lived(7, 91)

    assert any(isinstance(row, ClosedRow | DealRow) and row.symbol for row in kept.of(number))
