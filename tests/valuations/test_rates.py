"""Rates between currencies, of the pairs that a server quotes."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from opencabinet.market import Pair
from opencabinet.valuations.rates import Prices
from tests.valuations.pricing import LATER

SIDES = st.sampled_from(("buy", "sell"))


def pair(symbol: str, bid: str, ask: str, **given: Any) -> Pair:
    """Give a pair of currencies."""
    usual: dict[str, Any] = {
        "symbol": symbol,
        "base_currency": symbol[:3],
        "profit_currency": symbol[3:6],
        "bid": Decimal(bid),
        "ask": Decimal(ask),
        "quoted_at": LATER,
    }
    return Pair(**usual | given)


def test_a_rate_is_a_pair_its_inverse_or_leads_over_the_dollar_or_the_euro() -> None:
    known = Prices(pairs=[pair("GBPUSD", "1.25", "1.26"), pair("USDJPY", "100", "101"), pair("EURSEK", "10", "11")])

    assert known.rate("GBP", "GBP", "buy", LATER) == 1
    assert known.rate("GBP", "USD", "buy", LATER) == Decimal("1.25")
    assert known.rate("USD", "GBP", "sell", LATER) == 1 / Decimal("1.26")
    assert known.rate("GBP", "JPY", "buy", LATER) == 125
    assert known.rate("SEK", "JPY", "buy", LATER) is None


def test_of_several_pairs_the_one_quoted_last_counts_and_none_that_is_too_old() -> None:
    old = LATER - timedelta(days=3)
    several = Prices(pairs=[pair("GBPUSD", "1.1", "1.2", quoted_at=old), pair("GBPUSD.m", "1.3", "1.4")])
    alone = Prices(pairs=[pair("GBPUSD", "1.1", "1.2", quoted_at=old)])

    assert several.rate("GBP", "USD", "buy", LATER) == Decimal("1.3")
    assert alone.rate("GBP", "USD", "buy", LATER) == Decimal("1.1")
    assert alone.rate("GBP", "USD", "buy", LATER + timedelta(days=1)) is None


@given(bid=st.decimals("0.001", 1000, places=3), side=SIDES)
def test_a_rate_and_its_way_back_cancel(bid: Decimal, side: Any) -> None:
    known = Prices(pairs=[pair("AAABBB", str(bid), str(bid))])
    there, back = known.rate("AAA", "BBB", side, LATER), known.rate("BBB", "AAA", side, LATER)

    assert there is not None
    assert back is not None
    assert abs(there * back - 1) < Decimal("1e-20")
