"""Running the command line in processes of its own, and seeing what is left of them."""

import contextlib
import os
import re
import select
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import httpx

from opencabinet.db.embedded import Embedded
from opencabinet.settings import PREFIX
from tests.clients.serving import PLAIN

PATIENCE: Final = 30
READY: Final = "OpenCabinet answers at"


class Running:
    """A running command, its words as they come."""

    def __init__(self, home: Path, *arguments: str, **environment: str) -> None:
        self.home, self.port, self.said = home, free_port(), ""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
        given = {"OPENCABINET_HOME": str(home), "OPENCABINET_PORT": str(self.port), "COLUMNS": "200"}
        self.complaints = tempfile.TemporaryFile()  # noqa: SIM115 - it lives as long as the process
        self.process = subprocess.Popen(  # noqa: S603 - our own program
            [sys.executable, "-m", "opencabinet", *arguments],
            env=kept | given | environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=self.complaints,
        )

    def hear(self, words: str, patience: float = PATIENCE) -> str:
        """Wait until it says `words`, and return all it said."""
        out = self.process.stdout
        assert out
        deadline = time.monotonic() + patience
        while words not in self.said:
            ready, _, _ = select.select([out], [], [], max(0, deadline - time.monotonic()))
            heard = os.read(out.fileno(), 65536).decode() if ready else ""
            assert heard, f"it said only: {self.said}\nand complained: {self.complained()}"
            self.said += heard
        return self.said

    def complained(self) -> str:
        """Return the end of what it said on standard error."""
        self.complaints.seek(0)
        return self.complaints.read().decode("utf-8", "replace")[-2000:]

    def ask(self, path: str, timeout: float = 5) -> httpx.Response:
        """Ask it something."""
        return httpx.get(f"http://127.0.0.1:{self.port}{path}", timeout=timeout, verify=PLAIN)

    def answers(self) -> bool:
        """Tell whether it answers."""
        with contextlib.suppress(httpx.HTTPError):
            return self.ask("/").status_code == httpx.codes.OK
        return False

    def child(self, command: str) -> int:
        """Give the number of the process that runs `command` for it, or 0."""
        return next((pid for pid in children(self.process.pid) if f"opencabinet\0{command}\0" in command_line(pid)), 0)

    def end(self, by: signal.Signals = signal.SIGINT) -> int:
        """Send a signal, and return how it ended."""
        self.process.send_signal(by)
        return self.process.wait(PATIENCE)


@contextmanager
def running(home: Path, *arguments: str, **environment: str) -> Iterator[Running]:
    """Run a command; whatever is left of it afterwards is ended."""
    command = Running(home, *arguments, **environment)
    try:
        yield command
    finally:
        if command.process.poll() is None:
            command.process.terminate()
            command.process.wait(PATIENCE)
        if command.process.stdout:
            command.process.stdout.close()
        command.complaints.close()
        if "--embedded" in arguments:
            Embedded(home).stop()


def eventually(holds: Callable[[], object], seconds: float = PATIENCE) -> bool:
    """Wait until something holds, and tell whether it did in time."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if holds():
            return True
        time.sleep(0.05)
    return bool(holds())


def free_port() -> int:
    """Give a port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port


def processes() -> list[int]:
    """Give the numbers of all processes."""
    return [int(path.name) for path in Path("/proc").iterdir() if path.name.isdigit()]


def status(pid: int, field: str) -> str:
    """Give a field of a process's status, nothing if it is gone."""
    with contextlib.suppress(OSError):
        found = re.search(rf"^{field}:\s+(\S+)", Path(f"/proc/{pid}/status").read_text(), re.MULTILINE)
        return found[1] if found else ""
    return ""


def command_line(pid: int) -> str:
    """Give how a process was called, its parts ended by null."""
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_text()
    return ""


def alive(pid: int) -> bool:
    """Tell whether a process runs; one that ended and was not collected does not."""
    return status(pid, "State") not in {"", "Z", "X"}


def children(pid: int) -> list[int]:
    """Give the running processes that `pid` started."""
    found: list[str] = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        with contextlib.suppress(OSError):
            found += task.read_text().split()
    return [int(each) for each in found if alive(int(each))]


def descendants(pid: int) -> list[int]:
    """Give the running processes that `pid` started, and those that they started."""
    return [each for child in children(pid) for each in (child, *descendants(child))]


def databases(home: Path) -> list[int]:
    """Give the database servers whose files are under `home`."""
    return [pid for pid in processes() if f"{home}/postgres/data\0" in command_line(pid)]
