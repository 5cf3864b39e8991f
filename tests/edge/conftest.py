"""The application with its edge."""

import time
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from msgspec import structs

from opencabinet import app
from opencabinet.db import Connection
from opencabinet.edge.front import Edge
from opencabinet.settings import Settings
from tests.edge.holding import Gate, until
from tests.living import living


@pytest.fixture
def whole(settings: Settings) -> Edge:
    """An application that holds answers."""
    built: Any = app.build(structs.replace(settings, held_megabytes=1))
    assert isinstance(built, Edge)
    return built


@pytest.fixture
async def held(whole: Edge, committed: Connection) -> AsyncIterator[httpx.AsyncClient]:
    """A client of it, once it hears of changes."""
    del committed  # only its emptying is needed
    async with living(whole) as (client, _):
        await until(lambda: not whole.coherence.silent(time.monotonic()))
        yield client


@pytest.fixture
def gate(whole: Edge) -> Gate:
    """A gate behind the edge."""
    whole.inner = made = Gate(whole.inner)
    return made
