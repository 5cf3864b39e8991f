"""What can be traded, as fragments show it: the symbols that a page asks for, or the usual ones, and their quotes."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Final

from msgspec import Struct

from opencabinet import market
from opencabinet.db import Connection
from opencabinet.doors import lending, turn
from opencabinet.doors.promo.fragments.asked import Asked
from opencabinet.doors.promo.fragments.pages import Visit
from opencabinet.kernel.money import nearest, plain
from opencabinet.market import Instrument, Quote
from opencabinet.market.model import LONGEST_SYMBOL
from opencabinet.market.quotes import servers

MOST: Final = 30
LISTED: Final = 200
USUAL: Final = ("EURUSD", "GBPUSD", "USDJPY", "USDCHF", "AUDUSD", "USDCAD", "XAUUSD", "XAGUSD")
FIRST: Final = 8
"""So many are shown where none of the usual ones is known."""
PAIR: Final = re.compile(r"([A-Za-z]{3})/([A-Za-z]{3})", re.ASCII)


class Row(Struct, frozen=True, kw_only=True):
    """A quote as it is shown: prices with the decimals of its symbol, the spread in pips."""

    symbol: str
    bid: str | None
    ask: str | None
    spread: str | None
    at: datetime

    @classmethod
    def of(cls, quote: Quote, instrument: Instrument | None) -> "Row":
        """Say a quote."""
        spread = None
        if instrument is not None and quote.bid is not None and quote.ask is not None:
            spread = str(nearest((quote.ask - quote.bid) / instrument.pip, 1))
        bid, ask = (None if each is None else price(each, instrument) for each in (quote.bid, quote.ask))
        return cls(symbol=quote.symbol, bid=bid, ask=ask, spread=spread, at=quote.quoted_at)


def price(figure: Decimal, instrument: Instrument | None) -> str:
    """Write a price with the decimals of its symbol."""
    return plain(figure) if instrument is None else f"{figure:.{instrument.digits}f}"


def wanted(asked: Asked) -> tuple[str, ...]:
    """Return the symbols that are asked for, so many at most; none if the page leaves it to us."""
    told = re.split(r"[,;|\s]+", asked.text("symbols", "symbol", "ticker"))
    found = {PAIR.sub(r"\1\2", each).lower(): PAIR.sub(r"\1\2", each) for each in told if named(each)}
    return tuple(found.values())[:MOST]


def named(text: str) -> bool:
    """Whether a text can be a symbol."""
    return 0 < len(text) <= LONGEST_SYMBOL and text.isprintable()


async def server(conn: Connection, named: str) -> str | None:
    """Return the trading server of this name, or the first one without a name; None if there is none."""
    found = await servers(conn, named or None, limit=1)
    return found[0].server if found else None


async def quoted(who: Visit) -> Sequence[Row]:
    """Return the quotes that a page asks for, read once a moment for all who ask."""
    asked = wanted(who.asked)

    async def read() -> Sequence[Row]:
        async with lending.borrowed(who.request) as conn:
            return await rows(conn, who.site.server, asked)

    await turn.give_way(who.request)
    return await who.site.moments.answer(("quotes", asked), read)


async def rows(conn: Connection, of: str, asked: Sequence[str]) -> Sequence[Row]:
    """Return the quotes of symbols in the order in which they are asked for; of the usual ones where none is."""
    where = await server(conn, of)
    if where is None:
        return ()
    found = await market.quotes(conn, where, asked or USUAL)
    if not found and not asked:
        found = await market.quotes(conn, where, await market.symbols(conn, where, limit=FIRST))
    known = await market.instruments(conn, where, list(found))
    return [Row.of(quote, known.get(symbol)) for symbol, quote in found.items()]


async def tradable(who: Visit) -> Mapping[str, Instrument]:
    """Return what a calculator lets choose from, by symbol: what the page asks for, or all, so many at most."""
    asked = wanted(who.asked) if who.asked.text("symbols") else ()

    async def read() -> Mapping[str, Instrument]:
        async with lending.borrowed(who.request) as conn:
            where = await server(conn, who.site.server)
            if where is None:
                return {}
            named = asked or await market.symbols(conn, where, limit=LISTED)
            known = await market.instruments(conn, where, named)
        return {each.symbol: each for each in known.values()}

    await turn.give_way(who.request)
    return await who.site.lists.answer(("tradable", asked), read)
