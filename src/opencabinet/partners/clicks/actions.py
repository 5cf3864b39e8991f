"""Finding clicks by what they are known by outside."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from opencabinet.db import Connection
from opencabinet.partners.clicks import store
from opencabinet.partners.clicks.model import Click, read_token

MOST_TOKENS: Final = 50


async def by_token(conn: Connection, token: str) -> Click | None:
    """Return the click that has a token (`clk_…`); None if none has, or it is no token."""
    found = read_token(token)
    return None if found is None else await store.by_token(conn, found)


async def last(conn: Connection, tokens: Sequence[str], since: datetime) -> list[Click]:
    """Return the clicks since a moment that have one of these tokens, the last first, marked ones among them.

    No more than the first 50 tokens are looked at, and what is no token is nobody's.
    """
    known = [found for each in tokens[:MOST_TOKENS] if (found := read_token(each)) is not None]
    return await store.last(conn, known, since, MOST_TOKENS) if known else []
