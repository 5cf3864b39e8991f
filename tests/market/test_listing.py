import io
from decimal import Decimal

import pytest
from msgspec import structs

from opencabinet.market import BadTable, Instrument, listing
from tests.market.test_model import instrument

HEADER = "symbol,digits,contract_size,base_currency,profit_currency,tick_size,tick_value\n"


def read(text: str) -> list[Instrument]:
    """Read a list of instruments."""
    return listing.read(io.BytesIO(text.encode()), "S")


def test_a_list_is_read() -> None:
    found = read(HEADER + "EURUSD,5,100000,EUR,USD,,\n\nGER40, 1 ,,,EUR,0.1,2.5\n")

    assert found[0] == instrument()
    assert structs.astuple(found[1])[1:8] == ("GER40", 1, None, None, "EUR", Decimal("0.1"), Decimal("2.5"))


def test_columns_may_be_fewer_and_in_another_order() -> None:
    assert read("digits;symbol\n2;XAUUSD\n")[0].symbol == "XAUUSD"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", ["line 1", "symbol, digits"]),
        ("symbol,price\n", ["line 1", "column price", "contract_size"]),
        ("symbol,digits,digits\n", ["line 1", "column digits"]),
        ("symbol,contract_size\n", ["line 1", "a column is missing"]),
        ("symbol,digits\nEURUSD,5\n,5\n", ["line 3", "column symbol"]),
        ("symbol,digits\nEURUSD,9\n", ["line 2", "column digits", "'9'"]),
        ("symbol,digits\nEURUSD,\n", ["line 2", "column digits"]),
        ("symbol,digits\nEURUSD,٥\n", ["line 2", "column digits"]),
        ("symbol,digits\nEURUSD\n", ["line 2", "column digits", "no such cell"]),
        ("symbol,digits\nEURUSD,5,7\n", ["line 2", "3 cells for 2 columns"]),
        ("symbol,digits\nEURUSD,5\nEURusd,5\n", ["line 3", "twice"]),
        ("symbol,digits,contract_size\nEURUSD,5,0\n", ["line 2", "column contract_size", "above zero"]),
        ("symbol,digits,contract_size\nEURUSD,5,-1\n", ["line 2", "column contract_size"]),
        ("symbol,digits,tick_size\nEURUSD,5,NaN\n", ["line 2", "column tick_size", "'NaN'"]),
        ("symbol,digits,tick_value\nEURUSD,5,\nGER40,1,2.5\n", ["line 3", "column tick_value", "tick_size"]),
        ("symbol,digits,tick_size,tick_value\nGER40,1,,2.5\n", ["line 2", "column tick_value", "tick_size"]),
        ("symbol,digits,base_currency\nEURUSD,5,eur\n", ["line 2", "column base_currency", "'eur'"]),
        (f"symbol,digits\n{'x' * 65},5\n", ["line 2", "column symbol", "64"]),
    ],
)
def test_a_bad_line_refuses_the_list_and_is_named(text: str, words: list[str]) -> None:
    with pytest.raises(BadTable) as refused:
        read(text)

    for word in words:
        assert word in refused.value.detail


def test_how_margin_is_counted_is_read_too() -> None:
    text = (
        "symbol,digits,calculation,margin_currency,margin_initial,margin_rate,margin_hedged\n"
        "EURUSD,5,forex,,,1.5,0\n"
        "FDAX,1,futures,EUR,700,,\n"
    )
    pair, future = listing.read(io.BytesIO(text.encode()), "S")

    assert (pair.calculation, pair.margin_rate, pair.margin_hedged) == ("forex", Decimal("1.5"), Decimal(0))
    assert (future.calculation, future.margin_currency, future.margin_initial) == ("futures", "EUR", Decimal(700))


@pytest.mark.parametrize(
    ("column", "value"),
    [("calculation", "magic"), ("margin_initial", "0"), ("margin_rate", "-1"), ("margin_hedged", "-0.1")],
)
def test_a_margin_that_cannot_be_is_refused(column: str, value: str) -> None:
    with pytest.raises(BadTable, match=f"column {column}"):
        listing.read(io.BytesIO(f"symbol,digits,{column}\nEURUSD,5,{value}\n".encode()), "S")
