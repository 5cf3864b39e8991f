from decimal import Decimal

import pytest

from opencabinet.ingest.reading import read
from opencabinet.reports.layouts.figures import prices, spaced
from opencabinet.samples.__main__ import FILES, written
from opencabinet.samples.market import INSTRUMENTS, WEEKEND
from opencabinet.samples.people import PEOPLE, Person
from opencabinet.samples.story import COMPANY, statement
from tests.samples.pages import held, laid_out, printed_after

EVERYONE = pytest.mark.parametrize("person", PEOPLE, ids=lambda person: str(person.number))


def file(person: Person) -> str:
    return next(name for name, _ in written() if str(person.number) in name)


def test_writing_twice_gives_the_same_bytes() -> None:
    assert list(written()) == list(written())


def test_the_committed_files_are_what_the_writer_writes() -> None:
    assert {path.name: path.read_bytes() for path in FILES.iterdir()} == dict(written())


def test_the_committed_files_are_small() -> None:
    assert sum(len(content) for _, content in written()) < 600_000


@EVERYONE
def test_a_file_reads_back_as_it_was_written(person: Person) -> None:
    assert read(FILES / file(person)) == held(statement(person))


@EVERYONE
def test_an_invented_account_has_a_bit_of_everything(person: Person) -> None:
    told = statement(person)
    states = {order.state for order in told.orders}
    assert told.company == COMPANY
    assert told.opened
    assert states >= {"cancelled", "working"}
    assert len(told.closings) > len({closing.position for closing in told.closings})
    assert {"[sl", "[tp"} <= {closing.comment[:3] for closing in told.closings}


def test_the_hedging_account_closed_positions_by_each_other() -> None:
    told = [statement(person) for person in PEOPLE if person.mode == "hedging"]
    assert all("out by" in {deal.direction for deal in each.deals} for each in told)
    assert told


@EVERYONE
def test_nobody_trades_at_a_price_that_could_not_be(person: Person) -> None:
    for symbol, price in prices(statement(person)):
        if symbol and price is not None:
            known = INSTRUMENTS[symbol.upper()]
            level = known.price(known.level)
            assert abs(price - level) < level / 5
            assert price == round(price, known.digits)


@EVERYONE
def test_nobody_trades_on_a_weekend(person: Person) -> None:
    told = statement(person)
    assert all(closing.closed_at.weekday() < WEEKEND for closing in told.closings)
    assert all(closing.opened_at and closing.opened_at.weekday() < WEEKEND for closing in told.closings)


@EVERYONE
def test_nobody_loses_more_than_there_is(person: Person) -> None:
    told = statement(person)
    changes = [(move.moved_at, move.amount) for move in told.moves]
    changes += [(closing.closed_at, closing.result) for closing in told.closings]
    balance = Decimal(0)
    for _, amount in sorted(changes):
        balance += amount
        assert balance >= 0


@EVERYONE
def test_the_printed_details_are_what_the_rows_give(person: Person) -> None:
    told = statement(person)
    results = [closing.result for closing in told.closings]
    gained, lost = sum(r for r in results if r >= 0), sum(r for r in results if r < 0)
    places = 0 if person.currency == "JPY" else 2
    if person.platform == "mt4":
        first, wanted = "Gross Profit:", [gained, -lost, gained + lost]
    else:
        first, wanted = "Total Net Profit:", [gained + lost, gained, lost]
    figures = printed_after(laid_out(told), first)
    assert figures[:3] == [spaced(Decimal(figure), places) for figure in wanted]
    assert str(len(results)) in figures
