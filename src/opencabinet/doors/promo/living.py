"""What an application counts and holds for this door while it lives."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from litestar.datastructures import State

from opencabinet import content
from opencabinet.partners.clicks import Countries, Keeping, Noting


@asynccontextmanager
async def living(state: State, countries: Path | None, key: bytes) -> AsyncIterator[None]:
    """Let an application show banners and keep clicks; `countries` names a file that tells them, `key` hides visitors.

    It is given the pools `pool` and `clicking`.
    """
    async with content.Impressions(state.pool) as impressions, Countries(countries) as known:
        state.impressions, state.shelf = impressions, content.Shelf(state.pool)
        state.noting, state.keeping = Noting(key, known), Keeping(state.clicking)
        yield
