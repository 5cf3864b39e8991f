"""Budgets of reads: counted by the clock, kept for so many callers."""

import pytest

from opencabinet.doors.budgets import Budget, Rates
from opencabinet.kernel.problem import Throttled


class Clock:
    """A clock that is set."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


def spent(budget: Budget, key: str, times: int, cost: int = 1) -> int:
    """Spend so often, and return how often it was let."""
    done = 0
    for _ in range(times):
        try:
            budget.take(key, cost)
        except Throttled:
            continue
        done += 1
    return done


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def budget(clock: Clock) -> Budget:
    return Budget("reads", 60, clock, kept=3)


def test_a_quota_is_spent_once_and_comes_back_evenly(budget: Budget, clock: Clock) -> None:
    assert spent(budget, "a", 100) == 60
    clock.now += 10
    assert spent(budget, "a", 100) == 10
    clock.now += 3_600
    assert spent(budget, "a", 100) == 60


def test_callers_do_not_share(budget: Budget) -> None:
    assert spent(budget, "a", 100) == 60
    assert spent(budget, "b", 100) == 60


def test_who_has_too_little_left_is_told_when_it_is_enough(budget: Budget, clock: Clock) -> None:
    assert spent(budget, "a", 6, cost=10) == 6
    with pytest.raises(Throttled) as refused:
        budget.take("a", 10)

    assert refused.value.retry_after == 10
    clock.now += 9
    assert spent(budget, "a", 1, cost=10) == 0
    clock.now += 1
    assert spent(budget, "a", 1, cost=10) == 1


def test_what_costs_more_than_a_quota_costs_all_of_it(clock: Clock) -> None:
    assert spent(Budget("reads", 5, clock), "a", 3, cost=10) == 1


def test_what_is_left_is_told(budget: Budget, clock: Clock) -> None:
    spent(budget, "a", 1, cost=20)
    clock.now += 0.5

    told = budget.standing("a")

    assert (told.name, told.quota, told.left, told.resets_in) == ("reads", 60, 40, 20)
    assert budget.standing("b").left == 60


def test_what_is_given_back_can_be_spent_again_and_no_more(budget: Budget) -> None:
    spent(budget, "a", 60)
    budget.give_back("a", 2)
    assert spent(budget, "a", 5) == 2
    budget.give_back("b", 50)
    assert spent(budget, "b", 100) == 60


def test_a_caller_may_have_a_quota_of_his_own(budget: Budget) -> None:
    for _ in range(5):
        budget.take("key", 1, quota=5)

    with pytest.raises(Throttled):
        budget.take("key", 1, quota=5)
    assert budget.standing("key").quota == 5
    assert budget.standing("other").quota == 60


def test_a_quota_that_was_told_is_remembered(budget: Budget, clock: Clock) -> None:
    budget.take("key", 1, quota=5)

    assert spent(budget, "key", 100) == 4
    budget.give_back("key", 9)
    assert budget.standing("key").left == 5
    clock.now += 3_600
    assert spent(budget, "key", 100) == 5
    budget.forget("key")
    assert spent(budget, "key", 100) == 60


def test_a_rate_of_ones_own_is_shared_by_processes() -> None:
    shared = Rates().share(4)

    assert [shared.of(rate) for rate in (None, 60, 6000, 3, 1)] == [150, 15, 1500, 1, 1]


def test_only_so_many_callers_are_known(budget: Budget) -> None:
    for key in "abcdefgh":
        spent(budget, key, 60)

    assert len(budget) == 3
    assert ("a" in budget, "h" in budget) == (False, True)
    budget.forget("h")
    assert "h" not in budget


def test_processes_share_what_there_is() -> None:
    assert Rates().share(2) == Rates(credential=300, network=150, account=600, processes=2)
    assert Rates(network=3).share(64).network == 1
