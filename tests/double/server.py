"""A MariaDB of our own: in a folder that is gone afterwards, with one user who writes and one who may only read."""

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final, Self

import asyncmy

EXPORTER, READER = "exporter", "reader"
PASSWORDS: Final = {EXPORTER: "writes-rows", READER: "reads-rows"}
USERS: Final = f"""
CREATE USER IF NOT EXISTS '{EXPORTER}'@'127.0.0.1' IDENTIFIED BY '{PASSWORDS[EXPORTER]}';
GRANT ALL ON *.* TO '{EXPORTER}'@'127.0.0.1' WITH GRANT OPTION;
CREATE USER IF NOT EXISTS '{READER}'@'127.0.0.1' IDENTIFIED BY '{PASSWORDS[READER]}';
GRANT SELECT ON *.* TO '{READER}'@'127.0.0.1';
"""
START_SECONDS, STOP_SECONDS, WAIT_SECONDS = 60, 30, 0.02
OPTIONS: Final = (
    "--bind-address=127.0.0.1",
    "--skip-name-resolve",
    "--skip-log-bin",
    "--innodb-flush-log-at-trx-commit=0",  # nothing of it outlives the tests
    "--innodb-doublewrite=OFF",
    "--innodb-lock-wait-timeout=5",
    "--innodb-buffer-pool-size=384M",
    "--innodb-log-file-size=64M",
    "--performance-schema=OFF",
    "--local-infile=OFF",
)


class Session:
    """A connection, with one method for each thing a test does."""

    def __init__(self, held: Any) -> None:
        self.held = held

    @classmethod
    async def open(cls, port: int, user: str, database: str | None = None, *, autocommit: bool = True) -> Self:
        """Connect to the server at `port` as `user`."""
        held = await asyncmy.connect(
            host="127.0.0.1",
            port=port,
            user=user,
            password=PASSWORDS[user],
            database=database,
            autocommit=autocommit,
            charset="utf8mb4",
        )
        return cls(held)

    @property
    def number(self) -> int:
        """What the server calls this connection."""
        return int(self.held.thread_id())

    async def run(self, statement: str, given: Sequence[Any] | None = None) -> int:
        """Run `statement`; return how many rows it touched."""
        async with self.held.cursor() as cursor:
            return int(await cursor.execute(statement, given) or 0)

    async def many(self, statement: str, rows: Sequence[Sequence[Any]]) -> None:
        """Run `statement` for each of `rows`."""
        async with self.held.cursor() as cursor:
            await cursor.executemany(statement, rows)

    async def rows(self, statement: str, given: Sequence[Any] | None = None) -> list[tuple[Any, ...]]:
        """Return the rows of `statement`."""
        async with self.held.cursor() as cursor:
            await cursor.execute(statement, given)
            return list(await cursor.fetchall())

    async def value(self, statement: str, given: Sequence[Any] | None = None) -> Any:
        """Return the first column of the first row of `statement`, or None."""
        found = await self.rows(statement, given)
        return found[0][0] if found else None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *problem: object) -> None:
        await self.close()

    async def close(self) -> None:
        """Leave; what was not committed is undone."""
        await self.held.ensure_closed()


class Server:
    """A running MariaDB below `folder`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self.process: subprocess.Popen[bytes] | None = None

    @staticmethod
    def missing() -> str | None:
        """Say what must be installed for a server to start, or None."""
        found = program("mariadbd") and program("mariadb-install-db")
        return None if found else "there is no MariaDB: install mariadb-server"

    def start(self) -> None:
        """Make the data at the first start, and wait until the server answers."""
        if not (self.folder / "data").exists():
            self.make()
        log = (self.folder / "log").open("ab")
        self.process = subprocess.Popen(self.command(), stdout=log, stderr=log)  # noqa: S603 - our own words
        log.close()
        last = time.monotonic() + START_SECONDS
        while not self.answers():
            if self.process.poll() is not None or time.monotonic() > last:
                raise RuntimeError((self.folder / "log").read_text(errors="replace")[-2000:])
            time.sleep(WAIT_SECONDS)

    def make(self) -> None:
        """Make the system tables, and the users at the next start."""
        (self.folder / "users.sql").write_text(USERS.strip())
        subprocess.run(  # noqa: S603 - our own words
            [
                program("mariadb-install-db") or "",
                "--no-defaults",
                f"--datadir={self.folder / 'data'}",
                "--skip-test-db",
                "--auth-root-authentication-method=normal",
                *as_root(),
            ],
            check=True,
            capture_output=True,
        )

    def command(self) -> list[str]:
        """Return what starts it."""
        return [
            *tied(),
            program("mariadbd") or "",
            "--no-defaults",
            f"--datadir={self.folder / 'data'}",
            f"--socket={self.folder / 'socket'}",
            f"--pid-file={self.folder / 'pid'}",
            f"--init-file={self.folder / 'users.sql'}",
            f"--port={self.port}",
            *OPTIONS,
            *as_root(),
        ]

    def answers(self) -> bool:
        """Whether it takes connections, which it does once its users are made."""
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=1) as opened:
                return bool(opened.recv(1))
        except OSError:
            return False

    def stop(self) -> None:
        """End it, by force if it takes too long."""
        if self.process is None:
            return
        self.process.terminate()
        try:
            self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process = None

    def url(self, database: str, user: str = READER) -> str:
        """Return the address of `database` for `user`."""
        return f"mysql://{user}:{PASSWORDS[user]}@127.0.0.1:{self.port}/{database}"

    async def session(self, user: str = EXPORTER, database: str | None = None, *, autocommit: bool = True) -> Session:
        """Connect as `user`."""
        return await Session.open(self.port, user, database, autocommit=autocommit)


def program(name: str) -> str | None:
    """Return where a program is; those of servers are not on everybody's path."""
    return shutil.which(name, path=os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/usr/local/sbin"]))


def tied() -> list[str]:
    """Return what lets the kernel end the server with the process that started it, however that ends."""
    found = program("setpriv")
    return [found, "--pdeathsig", "KILL"] if found else []


def as_root() -> list[str]:
    """Return what the server asks for when the superuser runs it."""
    return ["--user=root"] if os.geteuid() == 0 else []


def free_port() -> int:
    """Return a port that nobody uses."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        return int(held.getsockname()[1])
