"""Starting those who are measured, each with two workers, and ending them."""

import contextlib
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Final

from msgspec import Struct

from bench.speed.database import url
from bench.speed.options import Options
from opencabinet.db.embedded import DATABASE, SUPERUSER, Embedded

OURS, FASTAPI, DJANGO, BARE, NGINX = "opencabinet", "fastapi", "django", "bare", "nginx"
WORKERS: Final = 2
PATIENCE: Final = 30.0
ROOT: Final = Path(__file__).parents[2]
UNLIMITED: Final = "1000000"


class Service(Struct, frozen=True):
    """Somebody who answers on a port of this machine."""

    name: str
    port: int
    process: "subprocess.Popen[bytes]"

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.port}"

    def memory(self) -> list[int]:
        """Return the memory of each process that answers, in bytes, those that share a parent in order."""
        return [resident(pid) for pid in web_processes(self.process.pid)]


def commands(port: int) -> Mapping[str, Sequence[str]]:
    """Return how each peer's documentation would start it."""
    listening = f"127.0.0.1:{port}"
    return {
        FASTAPI: (
            *("-m", "uvicorn", "bench.peers.fastapi_peer.main:app", "--port", str(port)),
            *("--workers", str(WORKERS), "--no-access-log", "--log-level", "warning"),
        ),
        DJANGO: (
            *("-m", "gunicorn", "bench.peers.django_peer.wsgi", "--bind", listening, "--workers", str(WORKERS)),
            *("--threads", "4", "--log-level", "warning"),
        ),
        BARE: (
            *("-m", "granian", "--interface", "rsgi", "--loop", "uvloop", "--host", "127.0.0.1", "--port", str(port)),
            *("--workers", str(WORKERS), "--log-level", "warning", "bench.peers.bare.app:app"),
        ),
    }


def environment(server: Embedded, database: str = DATABASE) -> dict[str, str]:
    """Return what all of them are told."""
    return os.environ | {
        "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "src")]),
        "OPENCABINET_HOME": str(server.home.parent),
        "OPENCABINET_DATABASE_URL": url(server, database),
        "OPENCABINET_REQUESTS_PER_CREDENTIAL": UNLIMITED,
        "OPENCABINET_REQUESTS_PER_NETWORK": UNLIMITED,
        "OPENCABINET_REQUESTS_PER_OPEN_ACCOUNT": UNLIMITED,
        "OPENCABINET_LOG_LEVEL": "warning",
        "BENCH_DATABASE_HOST": str(server.sockets),
        "BENCH_DATABASE_NAME": database,
        "BENCH_DATABASE_USER": SUPERUSER,
        "BENCH_ASYNCPG_URL": url(server, database),
        "BENCH_SQLALCHEMY_URL": f"postgresql+asyncpg://{SUPERUSER}@/{database}?host={server.sockets}",
    }


@contextmanager
def ours(server: Embedded, folder: Path, database: str = DATABASE, **given: str) -> Iterator[Service]:
    """Give this server."""
    port = free_port()
    command = (sys.executable, "-m", "opencabinet", "serve", "--port", str(port), "--workers", str(WORKERS))
    with running(OURS, port, command, environment(server, database) | given, folder) as service:
        yield service


@contextmanager
def everybody(server: Embedded, options: Options, folder: Path) -> Iterator[dict[str, Service]]:
    """Give this server and its peers, but for nginx, which needs to be told what to answer."""
    with ExitStack() as running_:
        found = {OURS: running_.enter_context(ours(server, folder))}
        for name in (FASTAPI, DJANGO, BARE):
            port = free_port()
            command = (str(options.peers), *commands(port)[name])
            found[name] = running_.enter_context(running(name, port, command, environment(server), folder))
        yield found


@contextmanager
def running(name: str, port: int, command: Sequence[str], told: Mapping[str, str], folder: Path) -> Iterator[Service]:
    """Give a service once it answers, and end it afterwards."""
    log = folder / f"{name}.log"
    with log.open("ab") as file:
        process = subprocess.Popen(  # noqa: S603 - commands of ours
            command, env=told, stdout=file, stderr=file, stdin=subprocess.DEVNULL, start_new_session=True, cwd=ROOT
        )
    try:
        await_answer(name, port, process, log)
        yield Service(name, port, process)
    finally:
        end(process)


def await_answer(name: str, port: int, process: "subprocess.Popen[bytes]", log: Path) -> None:
    """Wait until it answers anything."""
    late = time.monotonic() + PATIENCE
    while True:
        if process.poll() is not None or time.monotonic() > late:
            sys.exit(f"{name} does not answer:\n{log.read_text()[-3000:]}")
        with contextlib.suppress(OSError, http.client.HTTPException):
            asked = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
            asked.request("GET", "/")
            asked.getresponse().read()
            return
        time.sleep(0.1)


def end(process: "subprocess.Popen[bytes]") -> None:
    """End a process that we started, and what it started, by force if it takes long."""
    process.terminate()
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
        return port


def web_processes(pid: int) -> list[int]:
    """Return the processes below one that answer questions: of this server, those of its web command."""
    below = children(pid)
    web = [each for each in below if arguments(each)[-1:] == ["web"]]
    found = children(web[0]) if web else below
    return [each for each in found if "resource_tracker" not in " ".join(arguments(each))]


def children(pid: int) -> list[int]:
    """Return the processes that a process has started."""
    with contextlib.suppress(OSError):
        return [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    return []


def arguments(pid: int) -> list[str]:
    """Return the command line of a process."""
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_text().strip("\0").split("\0")
    return []


def resident(pid: int) -> int:
    """Return how much memory a process has, in bytes."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def seconds(pid: int) -> float:
    """Return how many seconds of the processors a process had; nothing if it is gone."""
    with contextlib.suppress(OSError):
        told = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return (int(told[11]) + int(told[12])) / os.sysconf("SC_CLK_TCK")
    return 0.0
