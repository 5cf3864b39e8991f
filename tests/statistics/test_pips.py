"""Pips are counted alike wherever they are told."""

from decimal import Decimal

import pytest
from msgspec import structs

from opencabinet.market import Instrument, currencies
from tests.statistics.histories import history, move, trade
from tests.statistics.test_figures import values


@pytest.mark.parametrize(
    ("symbol", "close", "pips"),
    [
        ("XAUUSD", "1901.50", "10"),
        ("xauusd-std", "1901.5", "10"),
        ("XAUUSD", "1900.501", "0.01"),
        ("XAGUSD", "1900.51", "1"),
        ("US500", "1901.50", "100"),
        ("USDJPY", "1900.512", "1.2"),
        ("EURUSD", "1900.50001", "0.1"),
    ],
)
def test_a_pip_is_that_of_the_instrument(symbol: str, close: str, pips: str) -> None:
    row = trade(1, 1, symbol=symbol, open_price=Decimal("1900.5"), close_price=Decimal(close))
    digits = max(0, -int(Decimal(close).as_tuple().exponent))
    base, _ = currencies(symbol) or (None, None)
    told = Instrument(server="S", symbol=symbol, digits=digits, base_currency=base, told_by="statement")

    assert values(history([row], [move(-1, 100)]))["pips"] == Decimal(pips)
    assert told.pips(row.open_price, row.close_price, "buy") == Decimal(pips)


def test_pips_of_coarse_and_of_fine_symbols_add_up() -> None:
    gold = trade(1, 1, symbol="XAUUSD", open_price=Decimal("1900.000"), close_price=Decimal("1900.123"))
    euro = trade(3, 1)

    assert values(history([gold, euro], [move(-1, 100)]))["pips"] == Decimal("1.23") + 12


def test_what_is_told_of_an_instrument_decides_its_pip() -> None:
    row = trade(1, 1, symbol="US500", open_price=Decimal("1900.5"), close_price=Decimal("1901.5"))
    rows = structs.replace(history([row], [move(-1, 100)]), pips={"US500": Decimal("0.01")})

    assert values(rows)["pips"] == 100
