"""Decimal figures: read strictly, written plainly."""

import re
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from opencabinet.kernel.problem import Malformed

# ASCII digits, a bounded length and no exponent: `1e1000000` may cost no one a second of work.
FIGURE: Final = re.compile(r"[+-]?[0-9]{1,12}(\.[0-9]{1,8})?", re.ASCII)
CREDIT: Final = frozenset({"credit", "bonus", "so compensation credit"})
"""Kinds of movement that change the credit and leave the balance as it is."""

EXPONENTS: Final = {
    **dict.fromkeys(("CLP", "ISK", "JPY", "KRW", "PYG", "RWF", "UGX", "VND", "XAF", "XOF"), 0),
    **dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 3),
    **dict.fromkeys(("BTC", "ETH"), 8),
}
"""Decimal places of a currency where they are not two (ISO 4217, and the coins brokers keep accounts in)."""


def figure(text: str) -> Decimal:
    """Return the figure that `text` spells: plain digits, at most 12 before and 8 after the point.

    Raises:
        Malformed: for anything else, an exponent or another alphabet's digits among it.
    """
    if not FIGURE.fullmatch(text):
        raise Malformed(f"{text[:40]!r} is not a figure.")
    return Decimal(text)


def nearest(number: Decimal, places: int) -> Decimal:
    """Round to `places` decimals, half away from zero; never to a negative zero."""
    return number.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP) + 0


def plain(number: Decimal) -> str:
    """Write a figure without exponent and without trailing zeros."""
    text = format(number, "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in {"", "-0"} else text


def shown(amount: Decimal, currency: str) -> str:
    """Write money for people: the currency's decimals, more where the amount has more, thousands parted by spaces."""
    places = max(exponent(currency), len(plain(amount).partition(".")[2]))
    return f"{amount:,.{places}f}".replace(",", " ")


def exponent(currency: str) -> int:
    """Return how many decimal places money of this currency has."""
    return EXPONENTS.get(currency, 2)
