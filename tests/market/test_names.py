import pytest

from opencabinet.market import currencies


@pytest.mark.parametrize(
    "symbol",
    [
        *(
            "EURUSD",
            "eurusd",
            "EurUsd",
            "eurusd-std",
            "EURUSD.m",
            "EURUSDm",
            "EURUSDpro",
            "eurusd@",
            "eurusd.",
            "EUR/USD",
        ),
        *("#EURUSD", "m.EURUSD", "fx_EURUSD", "eurusd-2", "EURUSD.raw.ecn"),
    ],
)
def test_a_pair_is_told_whatever_a_broker_puts_around_it(symbol: str) -> None:
    assert currencies(symbol) == ("EUR", "USD")


@pytest.mark.parametrize(
    ("symbol", "pair"), [("eurgbpi", ("EUR", "GBP")), ("XAUUSD@", ("XAU", "USD")), ("xagusd.", ("XAG", "USD"))]
)
def test_crosses_and_metals_are_told(symbol: str, pair: tuple[str, str]) -> None:
    assert currencies(symbol) == pair


@pytest.mark.parametrize(
    "symbol",
    [
        *("", "GOLD", "EUR", "USDUSD", "jp225", "us_oil", "ukousd", "nas100usd-2", "wticash", "SPX500", "BTCUSD"),
        *("GOOGLE", "#AAPL", "EURUSDstandard", "AEURUSD", "ＥＵＲＵＳＤ", "EURUS"),
    ],
)
def test_a_name_that_is_no_pair_tells_nothing(symbol: str) -> None:
    assert currencies(symbol) is None
