"""Which events are sent."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opencabinet.webhooks import Filters

CLOSED = {"ticket": 7, "symbol": "EURUSD", "lots": "0.5", "net": "-120.50"}
LOW = {"level": "79.5", "threshold": "80"}


@pytest.mark.parametrize(
    ("filters", "kind", "body", "sent"),
    [
        ({}, "trade.closed", CLOSED, True),
        ({}, "anything.else", {}, True),
        ({"types": ("trade.closed",)}, "trade.closed", CLOSED, True),
        ({"types": ("trade.closed",)}, "trade.opened", CLOSED, False),
        ({"types": ("trade.closed",)}, "trade.closed.twice", CLOSED, False),
        ({"types": ("trade.*",)}, "trade.opened", CLOSED, True),
        ({"types": ("trade.*",)}, "trades.loaded", {}, False),
        ({"types": ("trade.*",)}, "trade", {}, False),
        ({"types": ("margin.*", "sign_in.new_network")}, "sign_in.new_network", {}, True),
        ({"net_over": Decimal(100)}, "trade.closed", CLOSED, True),
        ({"net_over": Decimal("120.5")}, "trade.closed", CLOSED, False),
        ({"net_over": Decimal(100)}, "trade.closed", CLOSED | {"net": "100.01"}, True),
        ({"net_over": Decimal(100)}, "account.changed", {}, True),
        ({"lots_over": Decimal("0.49")}, "trade.closed", CLOSED, True),
        ({"lots_over": Decimal("0.5")}, "trade.closed", CLOSED, False),
        ({"net_over": Decimal(100), "lots_over": Decimal(1)}, "trade.closed", CLOSED, False),
        ({"symbols": ("eurusd",)}, "trade.closed", CLOSED, True),
        ({"symbols": ("GBPUSD",)}, "trade.closed", CLOSED, False),
        ({"symbols": ("GBPUSD",)}, "movement.booked", {"amount": "5"}, True),
        ({"margin_level_under": Decimal("80.00000000")}, "margin.low", LOW, True),
        ({"margin_level_under": Decimal(50)}, "margin.low", LOW, False),
        ({"margin_level_under": Decimal(50)}, "trade.closed", CLOSED, True),
        ({}, "margin.low", LOW, True),
    ],
)
def test_a_filter_narrows_what_carries_what_it_looks_at(
    filters: dict[str, Any], kind: str, body: dict[str, Any], sent: object
) -> None:
    assert Filters(**filters).let(kind, body) is sent


bodies = st.dictionaries(
    st.sampled_from(["net", "lots", "symbol", "threshold"]),
    st.none() | st.text(max_size=9) | st.integers() | st.sampled_from(["NaN", "Infinity", "1e999999999", "-0"]),
)


@given(bodies)
def test_no_body_breaks_a_filter(body: dict[str, Any]) -> None:
    every: dict[str, Any] = {
        "net_over": Decimal(1),
        "lots_over": Decimal(1),
        "margin_level_under": Decimal(1),
        "symbols": ("A",),
    }

    assert Filters(**every).let("trade.closed", body) in {True, False}
