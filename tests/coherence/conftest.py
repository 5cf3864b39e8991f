"""Two servers of one process each on the same database: so it is known which of them answers."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

import pytest

from opencabinet.access import keyfile
from opencabinet.settings import Settings
from tests.clients.serving import Server, serving
from tests.coherence.machine import Stage

GUESSES: Final = 1000
"""Owners ask for many tokens here."""


@pytest.fixture(scope="module")
def pair(settings: Settings, home: Path) -> Iterator[Mapping[str, Server]]:
    """The two servers by their names. The address that readers tell is believed."""
    given = {"trusted_proxies": "127.0.0.1", "guess_factor": GUESSES}
    with (
        serving(settings, home / "first.log", **given) as first,
        serving(settings, home / "second.log", **given) as second,
    ):
        yield {"first": first, "second": second}
    for name in ("first", "second"):
        assert '"event": "failed"' not in (home / f"{name}.log").read_text()


@pytest.fixture
def stage(database: str, settings: Settings, pair: Mapping[str, Server], committed: object) -> Iterator[Stage]:
    """Where writers write and readers read; emptied afterwards."""
    del committed
    made = Stage(database, keyfile.load(settings.folder).pepper, {name: each.port for name, each in pair.items()})
    yield made
    made.close()
