"""A real server for real programs."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from opencabinet.settings import Settings
from tests.clients.serving import Server, serving


@pytest.fixture(scope="session")
def server(settings: Settings, home: Path) -> Iterator[Server]:
    """A running server on the tests' database."""
    with serving(settings, home / "serve.log") as running:
        yield running
