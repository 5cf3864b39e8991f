from decimal import Decimal
from typing import Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opencabinet.market import Instrument

prices = st.decimals(Decimal("0.00001"), Decimal(100_000), places=5)
lots = st.decimals(Decimal("0.01"), Decimal(1000), places=2)
sides: st.SearchStrategy[Literal["buy", "sell"]] = st.sampled_from(["buy", "sell"])


def instrument(**given: Any) -> Instrument:
    """Make EURUSD in lots of 100,000, or what is given."""
    usual: dict[str, Any] = {
        "server": "S",
        "symbol": "EURUSD",
        "digits": 5,
        "contract_size": Decimal(100_000),
        "base_currency": "EUR",
        "profit_currency": "USD",
        "told_by": "operator",
    }
    return Instrument(**usual | given)


@pytest.mark.parametrize(
    ("digits", "base", "pip"),
    [
        *((5, "EUR", "0.0001"), (4, "EUR", "0.0001"), (3, "USD", "0.01"), (2, "USD", "0.01"), (0, None, "1")),
        *((1, None, "0.1"), (2, "XAU", "0.1"), (3, "XAU", "0.1"), (2, "XAG", "0.01"), (3, "XAG", "0.01")),
    ],
)
def test_a_pip_is_ten_points_of_a_fine_quote_a_point_of_others_and_a_metals_own(
    digits: int, base: str | None, pip: str
) -> None:
    assert instrument(digits=digits, base_currency=base).pip == Decimal(pip)


def test_lots_of_ten_and_a_hundred_thousand_units_agree_in_standard_lots() -> None:
    large, small = instrument(), instrument(contract_size=Decimal(10_000))

    assert large.units(Decimal("0.5")) == small.units(Decimal(5)) == 50_000
    assert large.standard_lots(Decimal("0.5")) == small.standard_lots(Decimal(5)) == Decimal("0.5")


def test_what_needs_a_figure_nobody_told_is_not_known() -> None:
    bare = instrument(contract_size=None)
    floating = instrument().floating

    assert bare.units(Decimal(1)) is bare.standard_lots(Decimal(1)) is bare.worth(Decimal(1), Decimal(1)) is None
    assert bare.floating("buy", Decimal(1), Decimal("1.1"), Decimal("1.2"), Decimal("1.3")) is None
    assert floating("buy", Decimal(1), Decimal("1.1"), None, Decimal("1.3")) is None
    assert floating("sell", Decimal(1), Decimal("1.1"), Decimal("1.2"), None) is None


def test_an_open_trade_is_counted_at_the_price_it_would_close_at() -> None:
    bid, ask = Decimal("1.10100"), Decimal("1.10120")

    assert instrument().floating("buy", Decimal("0.5"), Decimal("1.10000"), bid, ask) == 50
    assert instrument().floating("sell", Decimal("0.5"), Decimal("1.10000"), bid, ask) == -60


def test_a_pip_of_one_lot_of_ten_thousand_units_against_the_dollar_is_a_dollar() -> None:
    small = instrument(contract_size=Decimal(10_000))

    assert small.worth(small.pip, Decimal(1)) == 1


def test_an_index_is_counted_by_its_ticks() -> None:
    index = instrument(digits=1, contract_size=Decimal(7), tick_size=Decimal("0.5"), tick_value=Decimal("12.50"))

    assert index.worth(Decimal(10), Decimal(2)) == 500


@given(open_price=prices, close_price=prices, lots=lots, side=sides)
def test_pips_times_the_worth_of_a_pip_are_the_result(
    open_price: Decimal, close_price: Decimal, lots: Decimal, side: Literal["buy", "sell"]
) -> None:
    known = instrument()
    result = known.floating(side, lots, open_price, close_price, close_price)
    pip = known.worth(known.pip, lots)

    assert result is not None
    assert pip is not None
    assert known.pips(open_price, close_price, side) * pip == result


@given(open_price=prices, close_price=prices, lots=lots)
def test_what_one_side_wins_the_other_loses(open_price: Decimal, close_price: Decimal, lots: Decimal) -> None:
    bought, sold = (instrument().floating(side, lots, open_price, close_price, close_price) for side in ("buy", "sell"))

    assert bought is not None
    assert sold is not None
    assert bought == -sold
    assert instrument().pips(open_price, close_price, "buy") == -instrument().pips(open_price, close_price, "sell")
