from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opencabinet.reports.layouts import Details, Reckoner, Step
from opencabinet.reports.layouts.halves import Run

STEPS = st.lists(st.tuples(st.integers(-500, 500), st.sampled_from(["buy", "sell", None])), max_size=40)


def counted(amounts: list[str], *, older: bool = True, start: int = 1000) -> Details:
    reckoner = Reckoner(Decimal(start), older=older)
    for amount in amounts:
        reckoner.add(Step(Decimal(amount), "buy"))
    return reckoner.details()


def test_nothing_gained_is_a_win() -> None:
    done = counted(["0", "-5"])
    assert (done.won.count, done.lost.count, done.trades) == (1, 1, 2)


def test_there_is_no_profit_factor_without_a_loss() -> None:
    assert counted(["5"]).factor is None


def test_of_equally_long_runs_the_platforms_choose_differently() -> None:
    runs = ["9", "-1", "2", "2", "-1", "3", "3", "-1"]
    assert counted(runs, older=True).won.longest.money == 4
    assert counted(runs, older=False).won.longest.money == 6


def test_a_winning_run_of_nothing_is_a_run() -> None:
    done = counted(["0", "-1"])
    assert done.won.richest == Run(1, Decimal(0))


def test_a_fall_in_percent_and_a_fall_in_money_are_two() -> None:
    done = counted(["-50", "950", "-200"], start=100)
    assert [done.maximal.amount, done.relative.percent, done.absolute] == [200, 50, 50]


def test_credit_is_in_the_curve_but_no_loss_of_trading() -> None:
    reckoner = Reckoner(Decimal(100), older=False)
    reckoner.add(Step(Decimal(-60)))
    reckoner.add(Step(Decimal(10), "buy"))
    done = reckoner.details()
    assert [done.maximal.amount, done.absolute, done.trades] == [60, 0, 1]


@pytest.mark.parametrize("after", [["-1000"], ["-1000", "9000"], ["-3000"], ["-3000", "9000"]])
def test_no_return_counts_once_no_balance_was_left(after: list[str]) -> None:
    first = ["100", "-100"]
    ended = counted([*first, after[0]])

    assert ended.sharpe != 0
    assert counted([*first, *after, "500", "-200"]).sharpe == ended.sharpe


def test_no_return_counts_of_an_account_without_money() -> None:
    assert counted(["500", "-100", "300"], start=0).sharpe == 0


@given(STEPS)
def test_one_pass_gives_what_the_whole_list_gives(steps: list[tuple[int, str | None]]) -> None:
    reckoner = Reckoner(Decimal(1000), older=False)
    balance, points, results = 1000, [1000], []
    for amount, side in steps:
        reckoner.add(Step(Decimal(amount), side))  # type: ignore[arg-type]  # one of the sides
        balance += amount
        points.append(balance)
        results += [] if side is None else [amount]
    done = reckoner.details()
    falls = [max(points[: place + 1]) - point for place, point in enumerate(points)]

    assert done.won.money == sum(result for result in results if result >= 0)
    assert done.lost.money == sum(result for result in results if result < 0)
    assert done.maximal.amount == max(falls)
    assert done.absolute == -min([0, *(sum(results[:end]) for end in range(1, len(results) + 1))])
    assert (done.short.count, done.long.count) == tuple(sum(s == side for _, s in steps) for side in ("sell", "buy"))
    assert done.won.runs + done.lost.runs == sum(
        place == 0 or (result >= 0) != (results[place - 1] >= 0) for place, result in enumerate(results)
    )
    assert max(done.won.longest.count, done.lost.longest.count) <= len(results)
