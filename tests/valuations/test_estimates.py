"""What a trade that nobody has made would come to, by the sums of the broker whose wire this is."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Final

import pytest

from opencabinet.market import Instrument, Pair, Quote
from opencabinet.valuations import Prices
from opencabinet.valuations.estimates import Sketch, Uncountable, needed, pip_value

NOW: Final = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)
LOT: Final = Decimal(10_000)
PRICES: Final = {"EURUSD": "1.1", "USDJPY": "150", "EURGBP": "0.85", "GBPUSD": "1.3"}


def instrument(symbol: str, **given: object) -> Instrument:
    usual: dict[str, object] = {
        "server": "S",
        "symbol": symbol,
        "digits": 3 if symbol.endswith("JPY") else 5,
        "contract_size": LOT,
        "base_currency": symbol[:3],
        "profit_currency": symbol[3:],
        "calculation": "forex",
        "told_by": "operator",
    }
    return Instrument(**usual | given)  # type: ignore[arg-type]  # each of its member's type


def known(*more: Instrument, at: datetime = NOW) -> Prices:
    instruments = {each.symbol: each for each in (*map(instrument, PRICES), *more)}
    prices = {symbol: Decimal(price) for symbol, price in PRICES.items()}
    quotes = {
        symbol: Quote(server="S", symbol=symbol, bid=price, ask=price, quoted_at=at, told_by="feed")
        for symbol, price in prices.items()
    }
    pairs = [
        Pair(symbol=each, base_currency=each[:3], profit_currency=each[3:], bid=price, ask=price, quoted_at=at)
        for each, price in prices.items()
    ]
    return Prices(instruments, quotes, pairs)


def sketch(symbol: str, lots: str = "1", **given: object) -> Sketch:
    return Sketch(symbol=symbol, lots=Decimal(lots), **{"side": "buy"} | given)  # type: ignore[arg-type]  # the same


@pytest.mark.parametrize(
    ("symbol", "lots", "value"),
    [
        ("EURUSD", "1", Decimal(1)),  # quoted in dollars: one for a lot
        ("EURUSD", "2.5", Decimal("2.5")),
        ("USDJPY", "1", 100 / Decimal(150)),  # the dollar first: by the rate, of a pip of 0.01
        ("EURGBP", "3", 3 * Decimal("1.3")),  # a cross: lots × (EUR/USD) / (EUR/GBP), which is GBP/USD
    ],
)
def test_a_pip_is_worth_what_the_broker_says(symbol: str, lots: str, value: Decimal) -> None:
    found = pip_value(sketch(symbol, lots), "USD", known(), NOW)

    assert found.value == pytest.approx(value, rel=Decimal("1e-20"))
    assert found.rate * found.worth == found.value


def test_a_pip_of_a_contract_is_counted_by_its_tick() -> None:
    told = {"tick_size": Decimal("0.25"), "tick_value": Decimal("12.5"), "contract_size": None}
    contract = instrument("#SP", digits=2, calculation="futures", base_currency=None, profit_currency="USD", **told)

    assert pip_value(sketch("#SP", "4"), "USD", known(contract), NOW).value == 4 * Decimal("0.01") * Decimal(50)


def test_margin_of_a_pair_is_its_size_by_the_leverage() -> None:
    found = needed(sketch("EURUSD", "10"), "USD", 100, known(), NOW)

    assert (found.units, found.taken, found.taken_currency) == (Decimal(100_000), Decimal(1000), "EUR")
    assert found.value == Decimal(1100)  # by the pair's own price


def test_margin_follows_the_price_that_is_told() -> None:
    assert needed(sketch("EURUSD", "10", price=Decimal("1.2")), "USD", 100, known(), NOW).value == 1200


def test_margin_in_another_currency_is_converted() -> None:
    found = needed(sketch("USDJPY", "10"), "EUR", 200, known(), NOW)

    assert (found.taken, found.taken_currency) == (Decimal(500), "USD")
    assert found.value == pytest.approx(500 / Decimal("1.1"), rel=Decimal("1e-20"))


@pytest.mark.parametrize(
    ("given", "missing"),
    [
        ({"profit_currency": None}, "currency"),
        ({"contract_size": None}, "size"),
        ({"profit_currency": "ZAR"}, "rate"),
    ],
)
def test_a_pip_is_not_guessed(given: dict[str, object], missing: str) -> None:
    with pytest.raises(Uncountable) as raised:
        pip_value(sketch("NEW"), "USD", known(instrument("NEW", **given)), NOW)
    assert raised.value.missing == missing


@pytest.mark.parametrize(
    ("given", "missing"),
    [({"calculation": None}, "margin"), ({"contract_size": None}, "margin"), ({"base_currency": "ZAR"}, "rate")],
)
def test_margin_is_not_guessed(given: dict[str, object], missing: str) -> None:
    with pytest.raises(Uncountable) as raised:
        needed(sketch("NEW", price=Decimal(1)), "USD", 100, known(instrument("NEW", **given)), NOW)
    assert raised.value.missing == missing


def test_without_a_quote_a_price_must_be_told() -> None:
    with pytest.raises(Uncountable) as raised:
        needed(sketch("NEW"), "USD", 100, known(instrument("NEW", profit_currency="USD")), NOW)
    assert raised.value.missing == "price"


def test_rates_that_are_old_are_none() -> None:
    with pytest.raises(Uncountable):
        pip_value(sketch("USDJPY"), "USD", known(at=NOW - timedelta(days=5)), NOW)


def test_nothing_comes_to_more_than_an_account_holds() -> None:
    vast = instrument("VAST", contract_size=Decimal(10) ** 15, profit_currency="USD")

    with pytest.raises(Uncountable):
        pip_value(sketch("VAST", "10000000"), "USD", known(vast), NOW)
