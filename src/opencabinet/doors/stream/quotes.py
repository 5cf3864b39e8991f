"""Quotes as they come: of each symbol the latest wins, and nobody is told more often than they can be read."""

import asyncio
from collections import defaultdict
from collections.abc import Iterable
from typing import Final, Protocol

from msgspec import json

from opencabinet import market
from opencabinet.db import Connection
from opencabinet.kernel.money import plain
from opencabinet.market import Quote

PAUSE_SECONDS: Final = 0.1
"""Quotes are read ten times a second at most, whatever a feed tells."""
Key = tuple[str, str]


class Reader(Protocol):
    """Somebody who is told quotes."""

    def quote(self, symbol: str, message: str) -> None:
        """Take a quote in the place of an older one of the symbol."""


class Quotes:
    """Which quotes are listened to, and what was last told of them."""

    def __init__(self) -> None:
        self.readers: dict[Key, set[Reader]] = defaultdict(set)
        self.told: dict[Key, Quote] = {}
        self.changed: set[str] = set()
        self.news, self.wanted = asyncio.Event(), asyncio.Event()

    def join(self, server: str, symbols: Iterable[str], reader: Reader) -> None:
        """Tell somebody of symbols of a server, beginning with what is known."""
        for symbol in symbols:
            key = (server, symbol.lower())
            self.readers[key].add(reader)
            if key in self.told:
                reader.quote(key[1], message(self.told[key]))
            self.mark(server)
            self.wanted.set()

    def leave(self, server: str, symbols: Iterable[str], reader: Reader) -> None:
        """Tell somebody no longer."""
        for symbol in symbols:
            key = (server, symbol.lower())
            self.readers[key].discard(reader)
            if not self.readers[key]:
                del self.readers[key]
                self.told.pop(key, None)

    def mark(self, server: str) -> None:
        """Look soon for what is new of a server, if anybody listens to it."""
        self.changed.add(server)
        self.news.set()

    def mark_all(self) -> None:
        """Look for what is new of every server that is listened to."""
        for server, _ in list(self.readers):
            self.mark(server)

    async def read(self, conn: Connection) -> None:
        """Tell what is new, and again whenever something is."""
        while True:
            await self.news.wait()
            self.news.clear()
            while self.changed:
                server = self.changed.pop()
                if symbols := [symbol for home, symbol in self.readers if home == server]:
                    self._tell(server, await market.quotes(conn, server, symbols))
            await asyncio.sleep(PAUSE_SECONDS)

    def _tell(self, server: str, found: dict[str, Quote]) -> None:
        """Tell each quote that is another than the last."""
        for symbol, quote in found.items():
            key = (server, symbol)
            if key in self.readers and self.told.get(key) != quote:
                self.told[key] = quote
                told = message(quote)
                for reader in self.readers[key]:
                    reader.quote(symbol, told)


def message(quote: Quote) -> str:
    """Return a quote as a message."""
    at = quote.quoted_at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    told = {
        "type": "quote",
        "symbol": quote.symbol,
        "bid": None if quote.bid is None else plain(quote.bid),
        "ask": None if quote.ask is None else plain(quote.ask),
        "quoted_at": at,
    }
    return json.encode(told).decode()
