from decimal import Decimal

import pytest

from opencabinet.ingest.feeds.model import ClosedRow, DealRow, GoneRow, MovementRow, OpenRow, Told
from opencabinet.ingest.feeds.simulator import INCIDENTS, Broker
from tests.ingest.feeds.simulator.kept import DAY, HOUR, MONDAY, Kept

NOON = MONDAY + 8 * DAY + 12 * HOUR


@pytest.fixture
def broker() -> Broker:
    """A broker that has lived for a week."""
    made = Broker(7, MONDAY)
    made.advance(NOON)
    return made


def heard(broker: Broker, seconds: int) -> list[Told]:
    """Give what is told in the next seconds."""
    return [row for _ in range(seconds) for batch in broker.advance(broker.world.now + 1) for row in batch.rows]


def test_a_stop_out_closes_what_loses_most_below_half_of_the_margin(broker: Broker) -> None:
    broker.incident("stop_out", 1001001)

    rows = heard(broker, 5)

    closed = [row for row in rows if isinstance(row, ClosedRow) and row.comment.startswith("so: ")]
    assert closed
    assert {row.number for row in closed} == {1001001}
    for row in closed:
        level, equity, margin = (Decimal(part.rstrip("%")) for part in row.comment[4:].split("/"))
        assert level <= 50
        assert level == round(equity / margin * 100, 1)


def test_triple_swap_books_three_nights_on_all_that_is_held(broker: Broker) -> None:
    book = broker.world.books[2001001]
    before = {one.ticket: one.swap for one in book.holdings.values()}
    assert before

    broker.incident("triple_swap", 2001001)
    heard(broker, 1)

    for one in book.holdings.values():
        night = one.symbol.swaps[one.side].scaleb(-one.symbol.digits) * one.lots * one.symbol.contract
        booked = one.swap - before[one.ticket]
        assert booked == book.money(night * 3, one.symbol.quote, broker.world.now)


def test_a_burst_is_five_hundred_changes_a_second_for_some_seconds(broker: Broker) -> None:
    broker.incident("burst", 1001002)

    seconds = [heard(broker, 1) for _ in range(6)]

    for opening, closing in zip(seconds[::2], seconds[1::2], strict=True):
        assert sum(isinstance(row, OpenRow) and row.comment == "burst" for row in opening) == 500
        assert sum(isinstance(row, ClosedRow) and row.comment == "burst" for row in closing) == 500
    assert not [one for one in broker.world.books[1001002].holdings.values() if one.comment == "burst"]


def test_a_reversal_turns_a_netted_position_around_in_one_deal(broker: Broker) -> None:
    broker.incident("reversal")

    rows = heard(broker, 4)

    [turned] = [row for row in rows if isinstance(row, DealRow) and row.direction == "in/out"]
    assert turned.number == 2001002
    assert turned.lots_closed == turned.lots / 2
    [now] = [row for row in rows if isinstance(row, OpenRow) and row.ticket == turned.position][-1:]
    assert (now.side, now.lots) == (turned.type, turned.lots / 2)


def test_a_gap_moves_all_prices_at_once(broker: Broker) -> None:
    before = {row.symbol: row.bid for row in heard(broker, 1) if type(row).__name__ == "QuoteRow"}  # type: ignore[union-attr]

    broker.incident("gap")
    after = {row.symbol: row.bid for row in heard(broker, 1) if type(row).__name__ == "QuoteRow"}  # type: ignore[union-attr]

    for symbol, bid in before.items():
        assert Decimal("0.985") < after[symbol] / bid < Decimal("0.99"), symbol


def test_during_an_outage_nothing_is_told_and_after_it_everything(broker: Broker) -> None:
    twin = Broker(7, MONDAY)
    twin.advance(NOON)
    for one in (broker, twin):
        one.incident("busy")
        heard(one, 60)

    broker.incident("outage")
    silent = [broker.advance(broker.world.now + second) for second in range(1, 21)]
    late = broker.advance(broker.world.now + 21)

    assert silent == [[]] * 20
    on_time = [batch for _ in range(21) for batch in twin.advance(twin.world.now + 1)]
    assert Kept().hear(late).rows.keys() <= Kept().hear(on_time).rows.keys()
    assert Kept().hear(late).accounts() == Kept().hear(on_time).accounts()


@pytest.mark.parametrize("number", [1001001, 2001002])
def test_a_correction_is_the_last_closing_with_other_money(broker: Broker, number: int) -> None:
    book = broker.world.books[number]
    balance = book.balance

    broker.incident("correction", number)
    rows = heard(broker, 1)

    [corrected] = [row for row in rows if isinstance(row, ClosedRow | DealRow) and row.comment == "corrected"]
    assert corrected.number == number
    assert book.balance == balance - 1


@pytest.mark.parametrize("number", [1001001, 2001002])
def test_a_deletion_takes_the_last_closing_and_its_money_back(number: int) -> None:
    kept, twin = Kept(), Broker(7, MONDAY)
    kept.hear(twin.advance(NOON))

    twin.incident("deletion", number)
    batches = twin.advance(NOON + 1)

    assert [row.family for batch in batches for row in batch.rows if isinstance(row, GoneRow)]
    kept.hear(batches)
    account = next(row for row in kept.accounts() if row.number == number)
    assert account.balance == kept.balance(number)


def test_a_debt_is_forgiven_once_everything_is_closed() -> None:
    broker = Broker(7, MONDAY)
    kept = Kept().hear(broker.advance(NOON))
    book = broker.world.books[1001002]
    broker.incident("stop_out", 1001002)
    kept.hear(broker.advance(NOON + 2))
    held = max(book.holdings.values(), key=lambda one: one.lots)
    held.price *= 2

    kept.hear(broker.advance(NOON + 5))

    said = [row.comment for row in kept.of(1001002) if isinstance(row, MovementRow)]
    assert "Negative balance protection" in said
    assert book.balance == 0


@pytest.mark.parametrize("name", INCIDENTS)
@pytest.mark.parametrize("number", [1001004, 2001002])
def test_every_incident_leaves_books_that_balance(name: str, number: int) -> None:
    broker = Broker(7, MONDAY)
    kept = Kept().hear(broker.advance(NOON))

    broker.incident(name, number)
    kept.hear(broker.advance(NOON + 30))

    assert broker.world.now == NOON + 30
    for account in kept.accounts():
        assert account.balance == kept.balance(account.number)
        assert account.credit == kept.credit(account.number)


def test_an_incident_of_nobody_changes_nobody(broker: Broker) -> None:
    twin = Broker(7, MONDAY)
    twin.advance(NOON)

    broker.incident("stop_out", 99)

    first, other = Kept().hear(broker.advance(NOON + 60)), Kept().hear(twin.advance(NOON + 60))
    assert first.rows == other.rows
