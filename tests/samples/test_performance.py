from decimal import Decimal

from msgspec.structs import replace

from opencabinet.ingest.model import Closing
from opencabinet.samples.curve import Curve, Step
from opencabinet.samples.people import PEOPLE
from opencabinet.samples.performance import performance
from opencabinet.samples.story import statement


def closing(ticket: int, profit: str) -> Closing:
    model, zero = statement(PEOPLE[0]).closings[0], Decimal(0)
    return replace(model, ticket=ticket, profit=Decimal(profit), commission=zero, swap=zero, fee=zero)


def test_nothing_gained_is_a_win() -> None:
    done = performance([closing(1, "0"), closing(2, "-5")])
    assert (len(done.wins.results), len(done.losses.results)) == (1, 1)


def test_there_is_no_profit_factor_without_a_loss() -> None:
    assert performance([closing(1, "5")]).factor() is None


def test_of_equally_long_runs_the_platforms_choose_differently() -> None:
    runs = ["9", "-1", "2", "2", "-1", "3", "3", "-1"]
    done = performance([closing(number, profit) for number, profit in enumerate(runs)])
    assert done.wins.longest(older=True).money == 4
    assert done.wins.longest(older=False).money == 6


def test_a_fall_in_percent_and_a_fall_in_money_are_two() -> None:
    curve = Curve(Decimal(100), [Step(Decimal(each)) for each in (-50, 950, -200)])
    assert [curve.maximal().amount, curve.relative().percent, curve.absolute()] == [200, 50, 50]


def test_credit_is_in_the_curve_but_no_loss_of_trading() -> None:
    curve = Curve(Decimal(100), [Step(Decimal(-60), trade=False), Step(Decimal(10))])
    assert [curve.maximal().amount, curve.absolute()] == [60, 0]
