"""What fragments show: a market with quotes, news, a partner with a code."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Final

from opencabinet import content, market
from opencabinet.db import Connection
from opencabinet.market import Instrument, Quote
from opencabinet.partners import programme
from tests import make

SERVER: Final = "Demo-1"
CODE: Final = "ANNE"
PRICES: Final = {
    "EURUSD": ("1.10200", "1.10212"),
    "GBPUSD": ("1.30010", "1.30025"),
    "USDJPY": ("150.000", "150.012"),
    "EURGBP": ("0.84760", "0.84775"),
    "XAUUSD": ("2650.10", "2650.45"),
}
LOT: Final = Decimal(10_000)
"""Units of a lot, as the broker of the wire has them."""


def instrument(symbol: str, **given: object) -> Instrument:
    """Return what is known of a symbol."""
    gold, yen = symbol == "XAUUSD", symbol.endswith("JPY")
    usual: dict[str, object] = {
        "server": SERVER,
        "symbol": symbol,
        "digits": 2 if gold else 3 if yen else 5,
        "contract_size": Decimal(100) if gold else LOT,
        "base_currency": symbol[:3],
        "profit_currency": symbol[3:],
        "calculation": "cfd leverage" if gold else "forex",
        "told_by": "operator",
    }
    return Instrument(**usual | given)  # type: ignore[arg-type]  # each of its member's type


def quote(symbol: str, bid: str | None, ask: str | None, at: datetime, server: str) -> Quote:
    """Return a quote."""
    sides = (None if each is None else Decimal(each) for each in (bid, ask))
    return Quote(server=server, symbol=symbol, bid=next(sides), ask=next(sides), quoted_at=at, told_by="feed")


async def market_of(conn: Connection, server: str = SERVER) -> None:
    """Keep a server with a handful of symbols, quoted a moment ago."""
    now = datetime.now(UTC).replace(microsecond=0)
    await conn.run("INSERT INTO servers (name, clock) VALUES (%(name)s, 'UTC') ON CONFLICT DO NOTHING", name=server)
    await market.save_instruments(conn, [instrument(each, server=server) for each in PRICES])
    await market.save_quotes(conn, [quote(each, *sides, now, server) for each, sides in PRICES.items()])


async def partner(conn: Connection, code: str = CODE) -> int:
    """Keep a partner with a code, and return the login."""
    login = (await make.account(conn)).login
    await programme.enrol(conn, login, code)
    return login


async def told(conn: Connection, title: str, text: str = "What follows from it.", language: str = "en") -> None:
    """Keep a piece of news."""
    drafted = content.drafted(f"# {title}\n\n{text}\n".encode(), markdown=True, language=language, category="news")
    await content.add_news(conn, drafted)
