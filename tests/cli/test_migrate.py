from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from opencabinet.access import keyfile
from opencabinet.db import migrations
from opencabinet.db.embedded import SUPERUSER, Embedded
from opencabinet.settings import Settings
from tests.cli.console import Said, refused, told
from tests.db.databases import empty, name_of, program

FEEDS = """
[[feed]]
server = "Example-Live"
kind = "mt5"
url = "mysql://reader:a@127.0.0.1:1/export"
"""


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


def test_a_role_that_is_there_but_not_granted_is_noticed(
    nothing: str, database: str, cluster: Embedded, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    del database  # its schema has brought the roles
    name, feeds = name_of(nothing), tmp_path / "feeds.toml"
    feeds.write_text(FEEDS)
    feeds.chmod(0o600)
    run = partial(program, cluster, "psql", cluster.url, "-c")
    run("CREATE ROLE keeper LOGIN")
    try:
        run("GRANT opencabinet_serve, opencabinet_read, opencabinet_operate TO keeper")
        run(f"ALTER DATABASE {name} OWNER TO keeper")
        monkeypatch.setenv("OPENCABINET_DATABASE_URL", nothing.replace(f"user={SUPERUSER}", "user=keeper"))

        migrated = told("migrate")
        sentence = (
            "opencabinet: The role opencabinet_feed is there, but keeper may not act as it: "
            "run `GRANT opencabinet_feed TO keeper` as whoever may.\n"
        )
        assert (migrated.code, migrated.out.strip()) == (2, f"at revision {migrations.head()}"), migrated
        assert migrated.err == sentence
        for command in ("serve", "sync status", f"sync --feeds {feeds}"):
            assert told(*command.split()) == Said(2, "", sentence), command

        run("GRANT opencabinet_feed TO keeper")
        assert told("migrate").code == 0
        assert told("sync", "status") == Said(0, "", "")
    finally:
        run(f"ALTER DATABASE {name} OWNER TO {SUPERUSER}")
        program(cluster, "psql", nothing, "-d", name, "-c", "DROP OWNED BY keeper CASCADE")
        run("DROP ROLE keeper")
