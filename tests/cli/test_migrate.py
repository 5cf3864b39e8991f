from collections.abc import Iterator

import pytest

from opencabinet.access import keyfile
from opencabinet.db import migrations
from opencabinet.db.embedded import Embedded
from opencabinet.settings import Settings
from tests.cli.console import refused, told
from tests.db.databases import empty


@pytest.fixture
def nothing(cluster: Embedded, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Let the installation's database be empty."""
    keyfile.make(settings.folder)
    monkeypatch.setenv("OPENCABINET_HOME", settings.home)
    with empty(cluster) as url:
        monkeypatch.setenv("OPENCABINET_DATABASE_URL", url)
        yield url


@pytest.mark.usefixtures("nothing")
def test_migrating_brings_an_empty_database_up_to_date() -> None:
    said = told("migrate")

    assert (said.code, said.out.strip()) == (0, f"at revision {migrations.head()}")
    assert told("migrate").code == 0
    assert told("accounts", "list").code == 0


@pytest.mark.usefixtures("nothing")
def test_migrating_down_takes_one_step_back() -> None:
    told("migrate")

    assert told("migrate", "--down").code == 0
    refused(told("accounts", "list"), f"{migrations.head()} is needed: run `opencabinet migrate`")
    assert told("migrate").code == 0
    assert told("accounts", "list").code == 0


@pytest.mark.usefixtures("nothing")
def test_there_is_no_step_below_the_first() -> None:
    told("migrate")
    while (said := told("migrate", "--down")).code == 0:
        pass

    refused(said)


@pytest.mark.usefixtures("nothing")
@pytest.mark.parametrize("command", ["serve", "accounts list", "access show 1"])
def test_an_unmigrated_database_is_refused(command: str) -> None:
    refused(told(*command.split()), "The database is empty", "run `opencabinet migrate`")
