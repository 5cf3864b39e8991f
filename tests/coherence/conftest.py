"""Two servers of one process each on the same database: so it is known which of them answers."""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Final

import pytest

from opencabinet.access import keyfile
from opencabinet.settings import Settings
from tests.clients.serving import Server, serving
from tests.coherence.cutting import Cutting, cutting
from tests.coherence.machine import Stage

GIVEN: Final = {"trusted_proxies": "127.0.0.1", "guess_factor": 1000, "held_megabytes": 64}
"""Owners ask for many tokens here."""


@pytest.fixture(scope="package")
def lines(database: str) -> Iterator[Mapping[str, Cutting]]:
    """What stands between each server and the database."""
    with cutting(database) as first, cutting(database) as second:
        yield {"first": first, "second": second}


@pytest.fixture(scope="package")
def pair(settings: Settings, home: Path, lines: Mapping[str, Cutting]) -> Iterator[Mapping[str, Server]]:
    """The two servers by their names. The address that readers tell is believed."""
    logs = {name: home / f"coherent-{name}.log" for name in lines}
    with ExitStack() as stack:
        yield {
            name: stack.enter_context(serving(settings, logs[name], **GIVEN, database_url=lines[name].url))
            for name in lines
        }
    for log in logs.values():
        assert '"event": "failed"' not in log.read_text()


@pytest.fixture
def stage(
    database: str, settings: Settings, pair: Mapping[str, Server], lines: Mapping[str, Cutting], committed: object
) -> Iterator[Stage]:
    """Where writers write and readers read; emptied afterwards."""
    del committed
    ports = {name: each.port for name, each in pair.items()}
    made = Stage(database, keyfile.load(settings.folder).pepper, ports, lines)
    yield made
    made.close()
