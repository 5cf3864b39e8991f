"""What a symbol's name tells: EURUSD and its like name two currencies, between a broker's prefix and suffix."""

import re
from typing import Final

METALS: Final = frozenset({"XAU", "XAG", "XPT", "XPD"})
CURRENCIES: Final = METALS | frozenset(
    [
        *("AED", "ARS", "AUD", "BGN", "BHD", "BRL", "CAD", "CHF", "CLP", "CNH", "CNY", "COP", "CZK", "DKK", "EGP"),
        *("EUR", "GBP", "HKD", "HUF", "IDR", "ILS", "INR", "ISK", "JOD", "JPY", "KES", "KRW", "KWD", "KZT", "MAD"),
        *("MXN", "MYR", "NGN", "NOK", "NZD", "OMR", "PEN", "PHP", "PKR", "PLN", "QAR", "RON", "RSD", "RUB", "SAR"),
        *("SEK", "SGD", "THB", "TND", "TRY", "TWD", "UAH", "USD", "UYU", "VND", "ZAR"),
    ]
)
"""Codes of ISO 4217 that are traded against each other, its metals among them."""

# A prefix ends with a mark, as in `m.EURUSD` or `#EURUSD`. A suffix begins with one, as in `eurusd-std` or `EURUSD.m`,
# or is a few letters, as in `eurgbpi` or `EURUSDpro`.
PAIR: Final = re.compile(
    r"(?:[a-z]{0,4}[^a-z0-9])?([a-z]{3})/?([a-z]{3})(?:[^a-z0-9].*|[a-z]{0,4})", re.IGNORECASE | re.ASCII
)


def currencies(symbol: str) -> tuple[str, str] | None:
    """Return the base and the profit currency that a symbol names, or None if it names none."""
    found = PAIR.fullmatch(symbol)
    if found is None:
        return None
    base, profit = found[1].upper(), found[2].upper()
    return (base, profit) if {base, profit} <= CURRENCIES and base != profit else None
