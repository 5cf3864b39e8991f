"""A real server in processes of its own, for programs that know nothing of Python."""

import os
import signal
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import httpx
import pytest
from msgspec import structs

from opencabinet.settings import PREFIX, Settings

PATIENCE: Final = 30.0
PLAIN: Final = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
"""For plain http: otherwise each question that is asked alone reads all the authorities that there are."""


class Server:
    """A running `opencabinet serve`."""

    def __init__(self, process: "subprocess.Popen[bytes]", port: int, log: Path) -> None:
        self.process = process
        self.port = port
        self.log = log
        self.host = f"127.0.0.1:{port}"
        self.url = f"http://{self.host}"

    def answers(self) -> bool:
        """Whether the server answers; one that ended has failed."""
        assert self.process.poll() is None, self.log.read_text()
        try:
            return httpx.get(f"{self.url}/", timeout=5, verify=PLAIN).status_code == 200
        except httpx.TransportError:
            return False

    def children(self) -> dict[str, int]:
        """Return the process ids of what the supervisor runs, by subcommand."""
        return {arguments(child)[-1]: child for child in descendants(self.process.pid)[0]}

    def web_workers(self) -> list[int]:
        """Return the process ids of those that answer; there are none while they are started again."""
        web = self.children().get("web")
        started = descendants(web)[0] if web else []  # forked before Python 3.14, and looking like their parent
        return [each for each in started if "resource_tracker" not in " ".join(arguments(each))]


@contextmanager
def serving(settings: Settings, log: Path, *options: str, **given: Any) -> Iterator[Server]:
    """Give a server that answers, and stop it afterwards; it must go in peace."""
    port = free_port()
    environment = environ(settings, **given)
    command = [sys.executable, "-m", "opencabinet", "serve", "--port", str(port), *options]
    with log.open("ab") as file, subprocess.Popen(command, env=environment, stdout=file, stderr=file) as process:  # noqa: S603 - ourselves
        server = Server(process, port, log)
        try:
            until(server.answers)
            yield server
        finally:
            stop(process)
    assert process.returncode in {0, -signal.SIGKILL}, log.read_text()


def environ(settings: Settings, **given: Any) -> Mapping[str, str]:
    """Return the environment of a server of its own, our own settings left out."""
    usual = structs.asdict(settings) | {"workers": 1}
    ours = {PREFIX + name.upper(): str(value) for name, value in (usual | given).items() if value not in {None, ""}}
    return {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)} | ours


def stop(process: "subprocess.Popen[bytes]") -> None:
    """End a process as an operator does; if it will not, it and all below it by force, and fail."""
    process.terminate()
    try:
        process.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        for each in [*descendants(process.pid)[1], process.pid]:
            os.kill(each, signal.SIGKILL)
        pytest.fail("The server did not stop.")


def until(true: Callable[[], bool], seconds: float = PATIENCE) -> float:
    """Wait until something is true; return how long that took."""
    began = time.monotonic()
    while not true():
        assert time.monotonic() - began < seconds, f"{true} is not so after {seconds} seconds"
        time.sleep(0.05)
    return time.monotonic() - began


def free_port() -> int:
    """Return a port nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port: int = listening.getsockname()[1]
        return port


def arguments(process: int) -> list[str]:
    """Return the command line of a process."""
    return Path(f"/proc/{process}/cmdline").read_text("utf-8", "replace").rstrip("\0").split("\0")


def descendants(process: int) -> tuple[list[int], list[int]]:
    """Return the children of a process, and all processes below it."""
    tasks = Path(f"/proc/{process}/task").glob("*/children")
    children = [int(child) for task in tasks for child in task.read_text().split()]
    return children, [*children, *(each for child in children for each in descendants(child)[1])]


def alive(process: int) -> bool:
    """Whether a process runs; one that ended and was not yet buried does not."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False
