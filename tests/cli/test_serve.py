import os
import shutil
import signal
import socket
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from opencabinet.access import keyfile
from opencabinet.db.embedded import Embedded
from opencabinet.settings import Settings
from tests.cli.console import refused, told
from tests.cli.processes import READY, Running, alive, databases, descendants, eventually, running

FAST_SECONDS = 15  # it takes six on an idle machine; tests that run beside it take processors, too
END_SECONDS = 10


@pytest.fixture(scope="module")
def house() -> Iterator[Path]:
    """Give a home that the database's user can reach and that the tests of this module share, in any order.

    It has its keys: a database without them, as a test may leave it that makes one by itself, is not served from.
    """
    made = Path(tempfile.mkdtemp(prefix="oc-"))
    made.chmod(0o755)
    keyfile.make(made)
    yield made
    shutil.rmtree(made)


@pytest.fixture
def served(house: Path) -> Iterator[Running]:
    """Serve from an embedded database."""
    with running(house, "serve", "--embedded", OPENCABINET_WORKERS="1") as command:
        command.hear(READY)
        yield command


@pytest.mark.parametrize("by", [signal.SIGINT, signal.SIGTERM])
def test_it_answers_until_it_is_told_to_end_and_leaves_nothing_running(served: Running, by: signal.Signals) -> None:
    assert f"http://127.0.0.1:{served.port}" in served.said
    assert served.answers()
    family = [served.process.pid, *descendants(served.process.pid), *databases(served.home)]
    assert len(family) > 4

    began = time.monotonic()
    assert served.end(by) == 0

    assert time.monotonic() - began < END_SECONDS
    assert not any(alive(pid) for pid in family)
    assert databases(served.home) == []


@pytest.mark.parametrize("seconds", [0.25, *(pytest.param(each, marks=pytest.mark.torture) for each in (0, 0.35))])
def test_it_ends_in_time_even_while_it_starts(house: Path, seconds: float) -> None:
    with running(house, "serve", "--embedded") as command:
        command.hear(READY)
        time.sleep(seconds)
        began = time.monotonic()
        assert command.end() == 0

    assert time.monotonic() - began < END_SECONDS


def test_a_later_start_is_fast(house: Path) -> None:
    Embedded(house).start()
    Embedded(house).stop()
    began = time.monotonic()

    with running(house, "serve", "--embedded") as command:
        command.hear(READY)

    assert time.monotonic() - began < FAST_SECONDS


@pytest.mark.parametrize("command", ["web", "worker"])
def test_a_process_that_dies_is_started_again(served: Running, command: str) -> None:
    assert eventually(lambda: served.child(command))
    assert served.answers()
    killed = served.child(command)
    orphans = descendants(killed)
    os.kill(killed, signal.SIGKILL)

    assert eventually(lambda: served.child(command) not in {0, killed})
    alone = eventually(lambda: not any(map(alive, orphans)), END_SECONDS)
    for orphan in filter(alive, orphans):
        os.kill(orphan, signal.SIGKILL)
    assert alone
    assert eventually(served.answers)


def test_nothing_outlives_a_killed_supervisor_but_the_database_and_the_next_adopts_it(served: Running) -> None:
    [database] = databases(served.home)
    # What holds them to the supervisor is in place once they answer and work.
    assert served.answers()
    time.sleep(1)
    family = descendants(served.process.pid)
    assert len(family) > 2

    served.end(signal.SIGKILL)

    assert eventually(lambda: not any(map(alive, family)), END_SECONDS)
    assert alive(database)
    with running(served.home, "serve", "--embedded") as command:
        command.hear(READY)
        assert databases(served.home) == [database]
        assert command.end() == 0
    assert not alive(database)


def test_two_do_not_share_a_database(served: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENCABINET_HOME", str(served.home))

    refused(told("serve", "--embedded"), "Another opencabinet runs the database")
    assert served.answers()


def test_commands_use_the_database_that_is_served_from(served: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENCABINET_HOME", str(served.home))

    assert told("accounts", "list").code == 0
    assert len(databases(served.home)) == 1
    assert served.answers()


def test_a_database_must_be_named() -> None:
    refused(told("serve"), "--embedded", "OPENCABINET_DATABASE_URL")


def test_two_databases_are_one_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENCABINET_DATABASE_URL", "postgresql:///cabinet")

    refused(told("serve", "--embedded"), "either")


@pytest.mark.usefixtures("installed")
def test_a_named_database_needs_the_key_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("OPENCABINET_HOME", str(tmp_path))

    refused(told("serve"), "There is no key file", "opencabinet keys make")


@pytest.mark.parametrize("command", ["serve --embedded", "demo"])
def test_a_taken_port_is_refused_before_anything_starts(command: str, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

        refused(told(*command.split(), "--port", str(port)), f"Cannot listen on 127.0.0.1 port {port}")

    assert list(tmp_path.iterdir()) == []


def test_an_address_that_is_not_ours_is_refused() -> None:
    refused(told("serve", "--embedded", "--host", "192.0.2.1"), "Cannot listen on 192.0.2.1")
    refused(told("serve", "--embedded", "--host", "no such host"), "Cannot listen on no such host")


def test_a_named_database_is_served_from(settings: Settings) -> None:
    with running(settings.folder, "serve", OPENCABINET_DATABASE_URL=settings.database_url) as command:
        command.hear(READY)
        assert command.answers()
        assert command.end() == 0


@pytest.mark.parametrize("command", ["serve --embedded", "demo"])
def test_feeds_that_cannot_be_read_are_refused_before_anything_runs(
    command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "feeds.toml"
    file.write_text("[[feed]]\nserver = 'Example-Live'\n")
    file.chmod(0o600)
    monkeypatch.setenv("OPENCABINET_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("OPENCABINET_FEEDS", str(file))

    refused(told(*command.split()), str(file), "kind")

    assert [*tmp_path.iterdir()] == [file]
