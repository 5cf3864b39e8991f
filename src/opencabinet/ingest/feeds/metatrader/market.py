"""Prices and instruments out of the lines of a reporting database."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from opencabinet.ingest.feeds.metatrader.words import CALCULATIONS, SWAPS
from opencabinet.kernel.clock import Clock
from opencabinet.market import Instrument, Quote
from opencabinet.market.model import LONGEST_SYMBOL

NONE: Final = r"\N"
ESCAPED: Final = {r"\t": "\t", r"\n": "\n", r"\r": "\r", r"\\": "\\"}
MOST_DIGITS: Final = 8
NEVER: Final = 7
"""The day of the week on which no swap is taken three times."""


def quotes(server: str, lines: Iterable[str], clock: Clock) -> list[Quote]:
    """Return the quotes of these lines, without symbols that never had one."""
    found = []
    for line in lines:
        symbol, digits, bid, ask, wall = line.split("\t")
        prices = [price(bid, int(digits)), price(ask, int(digits))]
        if wall != NONE and any(prices) and fits(symbol):
            found.append(
                Quote(
                    server=server,
                    symbol=unescaped(symbol),
                    bid=prices[0],
                    ask=prices[1],
                    quoted_at=clock.moment(datetime.fromisoformat(wall)).at,
                    told_by="feed",
                )
            )
    return found


def instruments(server: str, lines: Iterable[str]) -> list[Instrument]:
    """Return the instruments of these lines, a figure that is 0 as one that nobody told."""
    return [instrument(server, fields) for line in lines if fits((fields := line.split("\t"))[0])]


def instrument(server: str, fields: Sequence[str]) -> Instrument:
    """Return an instrument of what its line holds."""
    symbol, digits, contract, tick_size, tick_value, base, profit, margin, mode = fields[:9]
    initial, rate, hedged, swap_mode, swap_long, swap_short, triple = fields[9:]
    return Instrument(
        server=server,
        symbol=unescaped(symbol),
        digits=min(int(digits), MOST_DIGITS),
        contract_size=figure(contract),
        tick_size=figure(tick_size),
        tick_value=figure(tick_value),
        base_currency=base or None,
        profit_currency=profit or None,
        margin_currency=margin or None,
        calculation=CALCULATIONS.get(int(mode), f"mode {mode}") if mode else None,
        margin_initial=figure(initial),
        margin_rate=figure(rate),
        margin_hedged=figure(hedged),
        swap_mode=word(SWAPS, swap_mode) if swap_mode else None,
        swap_long=told(swap_long),
        swap_short=told(swap_short),
        swap_triple_day=int(triple) if triple and int(triple) < NEVER else None,
        told_by="feed",
    )


def price(text: str, digits: int) -> Decimal | None:
    """Return a price without the noise of a double, None for none."""
    found = Decimal(text).quantize(Decimal(1).scaleb(-min(digits, MOST_DIGITS)), ROUND_HALF_UP)
    return found if found > 0 else None


def figure(text: str) -> Decimal | None:
    """Return a figure that counts if it is more than 0."""
    found = told(text)
    return found or None


def told(text: str) -> Decimal | None:
    """Return a figure of at most eight places, None if it is not told."""
    return Decimal(text).quantize(Decimal(1).scaleb(-MOST_DIGITS), ROUND_HALF_UP) if text else None


def word(words: Sequence[str], code: str) -> str:
    """Return the word for a code, and the code for one that is not known."""
    return words[int(code)] if int(code) < len(words) else f"mode {code}"


def fits(symbol: str) -> bool:
    """Whether a symbol is one, and can be kept."""
    return 0 < len(symbol) <= LONGEST_SYMBOL


def unescaped(text: str) -> str:
    """Return the text that was escaped for COPY."""
    if "\\" not in text:
        return text
    found, rest = "", text
    while rest:
        two = rest[:2]
        found, rest = (found + ESCAPED[two], rest[2:]) if two in ESCAPED else (found + rest[0], rest[1:])
    return found
