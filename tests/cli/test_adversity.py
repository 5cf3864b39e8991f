"""What an operator's day brings: databases that die, terminals that close, clients that dawdle, keys that are lost."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from opencabinet import samples
from opencabinet.access import keyfile
from opencabinet.db.embedded import Embedded
from tests.cli.processes import READY, databases, eventually, running

SAMPLE = next((Path(samples.__file__).parent / "files").glob("mt4-*"))
SLOW_CLIENTS = 40
HEAD = b"POST /api/Authentication/RequestClientApiToken HTTP/1.1\r\nHost: a\r\nContent-Length: 50\r\n\r\n{"


@pytest.fixture
def house() -> Iterator[Path]:
    """Give a home that the database's user can reach."""
    made = Path(tempfile.mkdtemp(prefix="oc-"))
    made.chmod(0o755)
    yield made
    Embedded(made).stop()
    shutil.rmtree(made)


def importing(home: Path, count: int = 1) -> "subprocess.Popen[bytes]":
    """Begin to import a sample many times over."""
    command = [sys.executable, "-m", "opencabinet", "import", *[str(SAMPLE)] * count, "--server", "S", "--clock", "UTC"]
    return subprocess.Popen(  # noqa: S603 - our own program
        command,
        env=os.environ | {"OPENCABINET_HOME": str(home)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def test_a_database_that_dies_is_started_again(house: Path) -> None:
    with running(house, "serve", "--embedded", OPENCABINET_WORKERS="1") as command:
        command.hear(READY)
        refused = "/client/RequestBalanceInformation/1"
        assert command.ask(refused).status_code == 403

        os.kill(databases(house)[0], signal.SIGKILL)

        assert eventually(lambda: command.ask(refused, timeout=10).status_code == 403 and databases(house))
        assert command.process.poll() is None


def test_slow_bodies_hold_no_connection_to_the_database(house: Path) -> None:
    with running(house, "serve", "--embedded", OPENCABINET_POOL_SIZE="2") as command, contextlib.ExitStack() as slow:
        command.hear(READY)
        for _ in range(SLOW_CLIENTS):
            slow.enter_context(socket.create_connection(("127.0.0.1", command.port))).sendall(HEAD)

        began = time.monotonic()
        for login in range(1, 20):
            assert command.ask(f"/client/RequestBalanceInformation/{login}").status_code == 403
        assert time.monotonic() - began < 4  # seconds; a wait for a connection takes five


@pytest.mark.parametrize("by", [signal.SIGTERM, signal.SIGHUP])
def test_an_import_that_is_told_to_end_stops_its_database(house: Path, by: signal.Signals) -> None:
    process = importing(house, count=50)
    assert eventually(lambda: databases(house))
    time.sleep(0.5)

    process.send_signal(by)

    assert process.wait(30) == 128 + by
    assert databases(house) == []


def test_imports_at_once_share_a_database(house: Path) -> None:
    first = importing(house, count=2)
    assert eventually(lambda: databases(house))
    others = [importing(house, count=count) for count in (4, 1)]

    assert [process.wait(60) for process in (first, *others)] == [0, 0, 0]
    assert databases(house) == []


def test_a_key_file_that_cannot_be_used_stops_the_start_with_one_line(house: Path) -> None:
    assert importing(house).wait(60) == 0
    path = house / keyfile.NAME
    whole = path.read_bytes()
    harms: tuple[Callable[[], object], ...] = (
        path.unlink,
        lambda: path.chmod(0o644),
        lambda: path.write_text(""),
    )
    for harm in harms:
        harm()
        ended = subprocess.run(
            [sys.executable, "-m", "opencabinet", "serve", "--embedded", "--port", "1024"],
            env=os.environ | {"OPENCABINET_HOME": str(house)},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

        assert ended.returncode == 2
        [line] = ended.stderr.splitlines()
        assert str(path) in line
        path.write_bytes(whole)
        path.chmod(0o600)
