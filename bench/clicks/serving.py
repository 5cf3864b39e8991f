"""A server with two paths beside `/go`, in processes of its own."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final
from unittest import mock

from granian import Granian
from granian.constants import HTTPModes, Interfaces, Loops
from litestar import Request, Response, Router, get
from litestar.types import ASGIApp

from bench.speed.services import await_answer, children, end, free_port, seconds
from bench.speed.wrk import MANY, Load, read
from opencabinet import app
from opencabinet.access import Public
from opencabinet.doors import promo
from opencabinet.doors.direct import DIRECT
from opencabinet.doors.promo import go, going
from opencabinet.partners.clicks import Led
from opencabinet.partners.programme import read_code

WORKERS: Final = 2
LED: Final = Led(1, "https://example.com/open-an-account", carries=True)


@get("/bare/{code:str}", need=Public.PUBLIC, opt={DIRECT: True})
async def bare(request: Request[Any, Any, Any]) -> Response[bytes]:
    """Send on, and do nothing else."""
    del request
    return go.Way(HTTPStatus.FOUND, [(b"location", LED.url.encode())])


@get("/unkept/{code:str}", need=Public.PUBLIC, opt={DIRECT: True})
async def unkept(request: Request[Any, Any, Any]) -> Response[bytes]:
    """Do what a click needs, but keep nothing."""
    code = read_code(request.scope["path_params"]["code"])
    noting = request.app.state.noting
    click = noting.note(code, go.told(request.scope["query_string"]), go.caller(request))
    return go.Way(HTTPStatus.FOUND, [(b"location", go.place(LED, click.token).encode())])


def create() -> ASGIApp:
    """Return the application with the two paths more."""
    more = Router("/", route_handlers=[going(), bare, unkept])
    with mock.patch.object(promo, "going", return_value=more):
        return app.create()


def serve(port: int) -> None:
    """Serve it as `opencabinet web` does."""
    Granian(
        "bench.clicks.serving:create",
        factory=True,
        port=port,
        workers=WORKERS,
        interface=Interfaces.ASGI,
        http=HTTPModes.http1,
        loop=Loops.uvloop,
        respawn_failed_workers=True,
        backlog=2048,
        backpressure=5000,
        log_level="warning",  # type: ignore[arg-type]  # it is one of its names
    ).serve()


@contextmanager
def served(url: str, home: Path, database: Path) -> Iterator["Server"]:
    """Give a server that answers."""
    port = free_port()
    given = {"OPENCABINET_DATABASE_URL": url, "OPENCABINET_HOME": str(home), "OPENCABINET_WORKERS": str(WORKERS)}
    log = home / "serve.log"
    with log.open("ab") as file:
        process = subprocess.Popen(  # noqa: S603 - ourselves
            [sys.executable, "-m", "bench.clicks", "--serve", str(port)],
            env=os.environ | given,
            stdout=file,
            stderr=file,
            start_new_session=True,
        )
    try:
        await_answer("bench.clicks", port, process, log)
        yield Server(port, process, database)
    finally:
        end(process)


class Server:
    """A server, and its processes."""

    def __init__(self, port: int, process: "subprocess.Popen[bytes]", database: Path) -> None:
        self.port = port
        self.process = process
        self.database = database

    def spent(self) -> tuple[float, float]:
        """Return how many seconds of the processors the web processes and the database had so far."""
        postmaster = int((self.database / "postmaster.pid").read_text().split()[0])
        return sum(map(seconds, below(self.process.pid))), sum(map(seconds, below(postmaster)))

    def kill_one(self) -> None:
        """Kill a web process."""
        os.kill(children(self.process.pid)[-1], signal.SIGKILL)

    def ask(self, path: str, questions: Path, connections: int, seconds: int) -> Load:
        """Ask a path on so many connections."""
        program = shutil.which("wrk")
        if program is None:
            raise SystemExit("wrk is missing: apt-get install wrk")
        command = [
            *(program, "-t1", f"-c{connections}", f"-d{seconds}s", "--latency", "--timeout", "10s", "-s", str(MANY)),
            *(f"http://127.0.0.1:{self.port}/{path}", "--", str(questions), "0"),
        ]
        done = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603 - wrk
        return read(done.stdout, path)


def below(pid: int) -> list[int]:
    """Return a process and all that it started."""
    return [pid, *(each for child in children(pid) for each in below(child))]
