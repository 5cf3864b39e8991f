from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

from hypothesis import assume, given
from hypothesis import strategies as st

from opencabinet.market import Fill, contract_size

SIZES = [
    Decimal(size) for size in ("1", "5", "10", "100", "1000", "5000", "10000", "12500", "62500", "100000", "125000")
]
sides: st.SearchStrategy[Literal["buy", "sell"]] = st.sampled_from(["buy", "sell"])


def fill(
    move: str | Decimal, lots: str | Decimal, size: Decimal, side: Literal["buy", "sell"] = "buy", places: str = "0.01"
) -> Fill:
    """Make a closing of a symbol whose lot has `size` units, its profit rounded."""
    won = Decimal(move) * Decimal(lots) * size * (1 if side == "buy" else -1)
    return Fill(
        side=side,
        lots=Decimal(lots),
        open_price=Decimal(1000),
        close_price=1000 + Decimal(move),
        profit=won.quantize(Decimal(places), ROUND_HALF_UP),
    )


def test_closings_that_agree_prove_the_size() -> None:
    size = Decimal(100_000)
    fills = [fill("0.00123", "0.10", size), fill("-0.00071", "0.33", size, "sell"), fill("0.00345", "0.01", size)]

    assert contract_size(fills, "USD") == size


def test_two_closings_prove_nothing() -> None:
    assert contract_size([fill("0.01", 1, Decimal(100_000))] * 2, "USD") is None  # type: ignore[arg-type]  # a lot


def test_a_price_that_stood_still_proves_nothing() -> None:
    size = Decimal(100_000)
    assert contract_size([fill("0", "1", size)] * 9 + [fill("0.01", "1", size)] * 2, "USD") is None


def test_one_closing_that_disagrees_leaves_it_unknown() -> None:
    fills = [fill("0.01", "1", Decimal(100_000))] * 20 + [fill("0.01", "1", Decimal(10_000))]

    assert contract_size(fills, "USD") is None


def test_profits_too_small_to_tell_leave_it_unknown() -> None:
    assert contract_size([fill("0.00001", "0.01", Decimal(100_000))] * 50, "USD") is None


def test_a_profit_in_yen_is_rounded_to_the_yen() -> None:
    fills = [fill("0.717", "0.10", Decimal(100_000), places="1")] * 3

    assert contract_size(fills, "JPY") == Decimal(100_000)
    assert contract_size(fills, "USD") == Decimal(100_000)
    odd = [fill("0.7177", "0.01", Decimal(100_000), places="1")] * 3
    assert contract_size(odd, "JPY") == Decimal(100_000)
    assert contract_size(odd, "USD") is None


def test_a_profit_against_the_move_is_no_size() -> None:
    assert contract_size([fill("0.01", "1", Decimal(-100_000))] * 3, "USD") is None


@given(
    size=st.sampled_from(SIZES),
    trades=st.lists(
        st.tuples(st.decimals(Decimal(-20), Decimal(20), places=3), st.decimals(Decimal("0.1"), 50, places=2), sides),
        min_size=3,
        max_size=8,
    ),
)
def test_what_is_proved_is_true(size: Decimal, trades: list[tuple[Decimal, Decimal, Literal["buy", "sell"]]]) -> None:
    proved = contract_size([fill(move, lots, size, side) for move, lots, side in trades], "USD")

    assert proved in {None, size}
    if sum(abs(move * lots * size) >= 2 for move, lots, _ in trades) >= 3:
        assert proved == size


@given(size=st.sampled_from(SIZES), rate=st.decimals(Decimal("0.5"), Decimal(2), places=4))
def test_money_changed_at_another_rate_each_time_proves_nothing(size: Decimal, rate: Decimal) -> None:
    assume(abs(rate - 1) > Decimal("0.01"))
    converted = [fill("1.5", "20", size * each) for each in (rate, rate + Decimal("0.02"), rate - Decimal("0.02"))]

    assert contract_size(converted, "USD") is None
