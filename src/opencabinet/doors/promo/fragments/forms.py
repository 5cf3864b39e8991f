"""What is typed into a calculator: read strictly, and said again with what is wrong with it."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Final

from msgspec import Struct

from opencabinet.doors.promo.fragments.asked import Asked
from opencabinet.doors.promo.fragments.symbols import USUAL
from opencabinet.kernel.money import figure, plain
from opencabinet.kernel.problem import Malformed
from opencabinet.market import Instrument, Side
from opencabinet.valuations.estimates import Sketch

CURRENCIES: Final = (
    *("USD", "EUR", "GBP", "JPY", "CHF", "AUD", "CAD", "NZD"),
    *("AED", "CZK", "HUF", "MYR", "NOK", "PLN", "RUB", "SAR", "SEK", "SGD", "ZAR"),
)
SIDES: Final[tuple[Side, ...]] = ("buy", "sell")
MOST_LOTS: Final = Decimal(10_000)
MOST_LEVERAGE: Final = 3000
HIGHEST_PRICE: Final = Decimal(10_000_000)
LONGEST: Final = 24
"""Letters of a figure that is typed."""
LONGEST_TYPED: Final = 64
"""Letters of anything that is typed; the rest is not said again."""
USUAL_TYPED: Final = {"lots": "1", "leverage": "100"}
DIGITS: Final = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹٫", "01234567890123456789.")
"""Digits as they are typed in Arabic and in Persian."""


class Form(Struct):
    """A form as it was typed, what it says, and what is wrong with it by field: names of texts, and their figures."""

    typed: dict[str, str]
    symbol: str = ""
    lots: Decimal = Decimal(1)
    currency: str = "USD"
    leverage: int = 100
    side: Side = "buy"
    price: Decimal | None = None
    wrong: dict[str, tuple[str, str]] = {}

    @property
    def sketch(self) -> Sketch:
        """The trade that it is about."""
        return Sketch(symbol=self.symbol, side=self.side, lots=self.lots, price=self.price)


def read(asked: Asked, instruments: Mapping[str, Instrument]) -> Form:
    """Return what was typed into a calculator; what was not has its usual value."""
    fields = ("symbol", "lots", "currency", "leverage", "side", "price")
    form = Form(typed={name: asked.text(name)[:LONGEST_TYPED] for name in fields}, wrong={})
    read_choices(form, instruments)
    form.lots = read_figure(form, "lots", MOST_LOTS) or Decimal(1)
    form.price = read_figure(form, "price", HIGHEST_PRICE)
    told = form.typed["leverage"].translate(DIGITS).removeprefix("1:") or "100"
    if told.isascii() and told.isdigit() and len(told) < LONGEST and 1 <= int(told) <= MOST_LEVERAGE:
        form.leverage = int(told)
    else:
        form.wrong["leverage"] = "bad_leverage", str(MOST_LEVERAGE)
    for name, usual in USUAL_TYPED.items():
        form.typed[name] = form.typed[name] or usual
    return form


def read_choices(form: Form, instruments: Mapping[str, Instrument]) -> None:
    """Read what is chosen from lists."""
    folded = {each.lower(): each for each in instruments}
    usual = next((each for each in USUAL if each in instruments), next(iter(instruments), ""))
    form.symbol = folded.get((form.typed["symbol"] or usual).lower(), "")
    if not form.symbol:
        form.wrong["symbol"] = ("bad_symbol" if instruments else "no_symbols"), ""
    told = form.typed["currency"].upper() or "USD"
    form.currency = told if told in CURRENCIES else "USD"
    if told not in CURRENCIES:
        form.wrong["currency"] = "bad_currency", ""
    side = form.typed["side"].lower() or "buy"
    form.side = "sell" if side == "sell" else "buy"
    if side not in SIDES:
        form.wrong["side"] = "bad_side", ""


def read_figure(form: Form, name: str, most: Decimal) -> Decimal | None:
    """Return a figure above zero that was typed, None if none was, or it is none."""
    told = form.typed[name].translate(DIGITS)
    if not told:
        return None
    try:
        found = figure(told)
    except Malformed:
        form.wrong[name] = "bad_number", ""
        return None
    if 0 < found <= most:
        return found
    form.wrong[name] = ("too_large", plain(most)) if found > 0 else ("too_small", "")
    return None
