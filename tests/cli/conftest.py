"""What the tests of the command line share."""

import os
from pathlib import Path

import pytest

from opencabinet.db import Connection
from opencabinet.settings import PREFIX, Settings
from tests.cli.processes import free_port


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Let nothing be set but a new home and a free port, in a wide terminal."""
    for name in [name for name in os.environ if name.startswith(PREFIX)]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("OPENCABINET_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("OPENCABINET_PORT", str(free_port()))
    monkeypatch.setenv("COLUMNS", "200")


@pytest.fixture
async def installed(
    bare: None, settings: Settings, committed: Connection, monkeypatch: pytest.MonkeyPatch
) -> Connection:
    """Let the installation be the one under test, and give a connection to it."""
    del bare  # what it takes away is set again
    monkeypatch.setenv("OPENCABINET_HOME", settings.home)
    monkeypatch.setenv("OPENCABINET_DATABASE_URL", settings.database_url)
    return committed
