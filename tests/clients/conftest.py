"""A real server for real programs."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from opencabinet.settings import Settings
from tests.clients.serving import Server, serving


@pytest.fixture(scope="package")
def server(settings: Settings, home: Path) -> Iterator[Server]:
    """A running server on the tests' database, ended before tests that would share it with its worker."""
    with serving(settings, home / "serve.log") as running:
        yield running
