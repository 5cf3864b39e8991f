"""The time that is measured, and the rates that depend on it."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from tests.statistics.histories import history, move, trade
from tests.statistics.test_figures import reason, values

YEAR: dict[str, Any] = {
    "since": datetime(2025, 1, 1, tzinfo=UTC),
    "until": datetime(2026, 1, 1, tzinfo=UTC),
    "as_of": datetime(2026, 3, 1, tzinfo=UTC),
}
DECEMBER = trade(
    1, 100, opened_at=datetime(2025, 12, 10, 8, tzinfo=UTC), closed_at=datetime(2025, 12, 10, 9, tzinfo=UTC)
)


def test_a_period_is_measured_from_its_beginning() -> None:
    found = values(history([DECEMBER], carried=1000, **YEAR))

    assert found["days_since_trading_started"] == 365
    assert found["money_weighted_return"] == pytest.approx(Decimal(10), abs=Decimal("1e-9"))
    assert found["modified_dietz"] == 10
    assert found["cagr"] == pytest.approx(Decimal(10), abs=Decimal("0.01"))


def test_money_that_comes_late_in_a_period_weighs_little() -> None:
    late = move(0, 1000)
    late.moved_at = datetime(2025, 12, 20, tzinfo=UTC)
    found = values(history([DECEMBER], [late], carried=1000, **YEAR))

    assert round(found["modified_dietz"], 2) == Decimal("9.68")


def test_time_before_there_was_money_does_not_count() -> None:
    late = move(0, 1000)
    late.moved_at = datetime(2025, 12, 1, tzinfo=UTC)
    early, ever = ({**YEAR, "since": since} for since in (datetime(2000, 1, 1, tzinfo=UTC), None))

    assert values(history([DECEMBER], [late], **early)) == values(history([DECEMBER], [late], **ever))


def test_what_was_opened_before_a_period_counts_from_its_beginning() -> None:
    long = trade(1, 100, opened_at=datetime(2024, 6, 1, tzinfo=UTC), closed_at=DECEMBER.closed_at)

    assert values(history([long], carried=1000, **YEAR))["days_since_trading_started"] == 365


@pytest.mark.parametrize(("left", "days", "rate"), [("0.5", 7, None), ("0.8", 7, 0.8 ** (365 / 7)), ("0.1", 365, 0.1)])
def test_a_fast_loss_has_a_rate_or_a_true_reason(left: str, days: int, rate: float | None) -> None:
    rows = history([trade(1, 1000 * Decimal(left) - 1000)], [move(0, 1000)], days=days)

    if rate is None:
        assert reason(rows, "money_weighted_return").endswith("cannot be told from -100 %.")
    else:
        assert float(values(rows)["money_weighted_return"]) == pytest.approx((rate - 1) * 100, rel=1e-12)


def test_losing_everything_has_no_rate_and_says_so() -> None:
    rows = history([trade(1, -1000)], [move(0, 1000)], days=30)

    assert reason(rows, "money_weighted_return") == "All that was paid in was lost."
