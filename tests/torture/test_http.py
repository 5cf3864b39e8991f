"""Hostile and unlucky hours of a real server: broken framing, slow clients, crowds, stop-watches, kills."""

import asyncio
import os
import shutil
import signal
import tempfile
import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Final

import httpx
import pytest

from opencabinet import access
from opencabinet.db import Connection
from opencabinet.db.embedded import Embedded
from opencabinet.kernel.ids import Login
from opencabinet.settings import Settings
from tests import make
from tests.clients.clock import measured, read_seconds, telling, token_seconds, told_apart
from tests.clients.framing import CHUNKED, HOST, LENGTH, POST, REFUSED, SWALLOWED, tell
from tests.clients.pressure import asking, drip, loaded
from tests.clients.serving import Server, alive, descendants, serving, until
from tests.doors.legacy.asking import BALANCE, DENIED

pytestmark = pytest.mark.torture

TELLING: Final = 0.52
LOGINS: Final = 50
HUNDRED: Final = [access.network(f"203.0.{part}.0/24") for part in range(100)]
SLOW: Final = 35.0
"""A slow client is gone by then: it has 30 seconds for its headers, and between two requests."""


@pytest.fixture(scope="module")
def server(settings: Settings, home: Path) -> Iterator[Server]:
    with serving(settings, home / "torture.log", workers=2) as running:
        yield running


@pytest.fixture(scope="module")
def patient(settings: Settings, home: Path) -> Iterator[Server]:
    """A server that takes any number of guesses."""
    with serving(settings, home / "patient.log", guess_factor=1000) as running:
        yield running


@pytest.mark.parametrize("name", REFUSED)
def test_broken_framing_is_refused_once(server: Server, name: str) -> None:
    data, status = REFUSED[name]

    heard = tell(server.port, data)

    assert heard.statuses == [status]
    assert server.answers()


@pytest.mark.parametrize("name", SWALLOWED)
def test_strange_framing_that_is_hidden_from_us_is_one_request(server: Server, name: str) -> None:
    data, reason = SWALLOWED[name]

    heard = tell(server.port, data)

    assert heard.statuses == [403], reason
    assert heard.everything.endswith(DENIED)


def test_length_and_chunks_together_end_the_connection(server: Server) -> None:
    """Whatever a proxy took for the next request is not answered."""
    for first, second in ((LENGTH, CHUNKED), (CHUNKED, LENGTH)):
        smuggled = b"0\r\n\r\nGET / HTTP/1.1\r\n" + HOST + b"\r\n"
        heard = tell(server.port, POST + first + second + b"\r\n" + smuggled)
        assert heard.closed
        assert len(heard.statuses) == 1


def test_requests_in_one_breath_are_answered_in_order(server: Server) -> None:
    paths = [b"/", b"/nothing", b"/client/RequestBalanceInformation/1"] * 5
    data = b"".join(b"GET %s HTTP/1.1\r\n%s\r\n" % (path, HOST) for path in paths)

    assert tell(server.port, data, seconds=3).statuses == [200, 404, 403] * 5


async def test_slow_clients_are_sent_away(server: Server) -> None:
    """All at once, each a byte or nothing per second, while the server answers others."""
    cases = {
        "nothing": (b"", b"", []),
        "half a head": (b"GET / HTTP/1.1\r\n" + HOST, b"", []),
        "a head in drops": (b"GET / HTTP/1.1\r\n" + HOST, b"X: 1\r\n", []),
        "idle": (b"GET / HTTP/1.1\r\n" + HOST + b"\r\n", b"", [200]),
    }

    async with asking(server) as asked:
        heard = await asyncio.gather(*(drip(server.port, first, drop, SLOW) for first, drop, _ in cases.values()))

    assert dict(zip(cases, heard, strict=True)) == {name: expected for name, (*_, expected) in cases.items()}
    assert max(asked) < 3, "Others wait for none of them."


async def test_a_slow_body_is_answered_by_the_deadline(server: Server) -> None:
    """Granian may leave the socket open to whoever might go on sending; nothing of ours waits at its other end."""
    length, chunks = POST + b"Content-Length: 1000\r\n\r\n", POST + CHUNKED + b"\r\n"
    slow = ((length, b""), (length, b"{"), (chunks, b""), (chunks, b"1\r\n{\r\n"))

    for heard in await asyncio.gather(*(drip(server.port, first, drop, seconds=13) for first, drop in slow)):
        assert heard[:1] == [503]
    assert server.answers()


async def test_two_hundred_at_once_are_all_answered(server: Server, committed: Connection) -> None:
    account = await make.account(committed)
    await access.open_account(committed, account.login)
    path = BALANCE.format(account.login)
    everybody = httpx.Limits(max_connections=200, max_keepalive_connections=200)

    async with httpx.AsyncClient(base_url=server.url, timeout=30, limits=everybody) as client:
        for _ in range(3):
            answers = await asyncio.gather(*(client.get(path) for _ in range(200)))
            assert {(answer.status_code, answer.json()["Login"]) for answer in answers} == {(200, account.login)}
        assert server.answers(), "While they all stay connected."


@pytest.mark.parametrize("what", ["token", "read"])
async def test_the_clock_tells_no_unknown_login_from_a_wrong_password_or_a_closed_account(
    patient: Server, committed: Connection, settings: Settings, what: str
) -> None:
    """A stop-watch at all three, in no order; noise may fool one measurement, not three."""
    ask = token_seconds if what == "token" else read_seconds
    known = [int((await make.account(committed)).login) for _ in range(2 * LOGINS)]
    for login in known:
        await make.password(committed, Login(login), settings)
    for login in known[LOGINS:]:
        await access.close_account(committed, Login(login), HUNDRED)
    unknown = [login + 10**6 for login in known[:LOGINS]]
    classes = {"unknown": unknown, "wrong": known[:LOGINS], "closed": known[LOGINS:]}
    found = []

    for _ in range(3):
        found.append(telling(await asyncio.to_thread(measured, patient.port, ask, classes)))
        if max(found[-1].values()) <= TELLING:
            return
    pytest.fail(f"The clock tells them apart: {found}")


def test_the_measure_measures() -> None:
    assert told_apart([2.0, 3.0], [0.0, 1.0]) == 1
    assert told_apart([0.0, 3.0], [1.0, 2.0]) == 0.5
    assert told_apart([0.0, 1.0], [2.0, 3.0]) == 0


@pytest.mark.parametrize("victim", ["a web worker", "web", "worker"])
async def test_service_resumes_after_a_kill(server: Server, committed: Connection, victim: str) -> None:
    account = await make.account(committed)
    await access.open_account(committed, account.login)
    before = server.children()
    process = descendants(before["web"])[0][0] if victim == "a web worker" else before[victim]
    orphans = descendants(process)[1]

    async with loaded(server, int(account.login)) as answered:
        await asyncio.sleep(1)
        os.kill(process, signal.SIGKILL)
        killed = time.monotonic()
        await asyncio.sleep(6)
    still = [each for each in orphans if alive(each)]
    for each in still:
        os.kill(each, signal.SIGKILL)

    assert not still, "What the killed one had started goes with it."
    assert not alive(process)
    assert max(later - earlier for earlier, later in pairwise([*answered, killed + 6])) < 5, "The longest silence."
    until(lambda: set(server.children()) == set(before) and server.answers())
    if victim != "a web worker":
        assert server.children()[victim] != process


@pytest.fixture
def fresh() -> Iterator[Settings]:
    """Settings of an installation of its own, with the embedded database."""
    folder = Path(tempfile.mkdtemp(prefix="oc-"))
    folder.chmod(0o755)
    yield Settings(home=str(folder / "home"))
    shutil.rmtree(folder)


def test_the_database_survives_its_killed_owner_and_is_adopted(fresh: Settings) -> None:
    log = fresh.folder.parent / "log"
    database = Embedded(fresh.folder)
    with serving(fresh, log, "--embedded", database_url=None) as first:
        children = descendants(first.process.pid)[1]
        first.process.kill()
        first.process.wait()
        until(lambda: not any(alive(child) for child in children if "opencabinet" in command(child)), 15)
        assert database.running(), "It survives its owner."
        postmaster = pid(database)

    with serving(fresh, log, "--embedded", database_url=None) as second:
        assert pid(database) == postmaster, "The next owner takes it as it is."
        children = descendants(second.process.pid)[1]

    assert not database.running(), "An adopted database is stopped like one's own."
    assert not any(alive(child) for child in children)


def command(process: int) -> str:
    """Return the command line of a process, empty when it is gone."""
    try:
        return Path(f"/proc/{process}/cmdline").read_text().replace("\0", " ")
    except FileNotFoundError:
        return ""


def pid(database: Embedded) -> int:
    """Return the process id of a running database."""
    return int((database.data / "postmaster.pid").read_text().splitlines()[0])
