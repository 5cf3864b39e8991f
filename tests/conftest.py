"""A real database for every test process, and the application on it."""

import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest
from litestar.types import ASGIApp
from psycopg import OperationalError
from psycopg.pq import TransactionStatus

from opencabinet import app
from opencabinet.access import Hasher, keyfile
from opencabinet.db import Connection, migrations
from opencabinet.db.embedded import Embedded
from opencabinet.settings import Settings
from tests import double
from tests.access.guessing import CHEAP
from tests.living import living
from tests.needs import lacking

os.environ["COLUMNS"] = "200"  # tables of the command line are read whole

MEMORY, ROOM = Path("/dev/shm"), 4 * 2**30  # noqa: S108 - a folder of its own is made there

# A truncated table gets a new file, which takes longer than to delete the few rows that most tests leave.
TRUNCATE = """
DO $$
DECLARE
  names text[] := ARRAY(SELECT tablename FROM pg_tables
                         WHERE schemaname = 'public' AND tablename NOT IN ('alembic_version', 'bonus_programmes'));
  name text;
BEGIN
  IF (SELECT max(pg_relation_size(quote_ident(each)::regclass)) FROM unnest(names) AS each) > 1000000 THEN
    EXECUTE 'TRUNCATE ' || (SELECT string_agg(quote_ident(each), ', ') FROM unnest(names) AS each);
  ELSE
    SET LOCAL session_replication_role = replica;
    FOREACH name IN ARRAY names LOOP
      EXECUTE 'DELETE FROM ' || quote_ident(name);
    END LOOP;
  END IF;
END $$
"""


class Emptying:
    """A connection that empties the database, kept: a new one would have to learn of every table each time."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.conn: Connection | None = None

    async def empty(self) -> None:
        """Leave nothing to other tests; one of them may have ended the connection."""
        try:
            await self._empty()
        except OperationalError:
            self.conn = None
            await self._empty()

    async def _empty(self) -> None:
        self.conn = self.conn or await Connection.open(self.url)
        await self.conn.run(TRUNCATE)

    async def close(self) -> None:
        """Be done."""
        if self.conn:
            await self.conn.close()


def in_memory() -> bool:
    """Whether databases of tests fit into memory, where nothing waits for a disk."""
    return MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ROOM


@pytest.fixture(scope="session")
def home() -> Iterator[Path]:
    """A home that the database's user can reach, gone afterwards; pytest's own folders are closed to others."""
    made = Path(tempfile.mkdtemp(prefix="oc-", dir=MEMORY if in_memory() else None))
    made.chmod(0o755)
    yield made
    shutil.rmtree(made)


@pytest.fixture(scope="session")
def cluster(home: Path) -> Iterator[Embedded]:
    """A running server of our own."""
    server = Embedded(home)
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def database(cluster: Embedded) -> str:
    """The address of a database with the newest schema."""
    migrations.up(cluster.url)
    return cluster.url


@pytest.fixture(scope="session")
async def idle() -> AsyncIterator[list[Connection]]:
    """Connections that tests had: each knows more and more of the schema, which a new one would have to learn."""
    kept: list[Connection] = []
    yield kept
    for each in kept:
        await each.close()


@asynccontextmanager
async def lent(database: str, idle: list[Connection]) -> AsyncIterator[Connection]:
    """Lend a connection as good as new."""
    opened = idle.pop() if idle else await Connection.open(database)
    yield opened
    if opened.closed or opened.info.transaction_status != TransactionStatus.IDLE:
        await opened.close()
    else:
        async with opened.transaction(force_rollback=True):
            pass  # this lets the driver forget what it has prepared
        await opened.execute("DISCARD ALL")
        idle.append(opened)


@pytest.fixture
async def conn(database: str, idle: list[Connection]) -> AsyncIterator[Connection]:
    """A connection whose work is forgotten after the test."""
    async with lent(database, idle) as opened, opened.transaction(force_rollback=True):
        yield opened


@pytest.fixture(scope="session")
async def emptying(database: str) -> AsyncIterator[Emptying]:
    """What empties the database after tests."""
    made = Emptying(database)
    yield made
    await made.close()


@pytest.fixture
async def committed(database: str, idle: list[Connection], emptying: Emptying) -> AsyncIterator[Connection]:
    """A connection whose work others see; everything is emptied after the test."""
    async with lent(database, idle) as opened:
        yield opened
    await emptying.empty()


@pytest.fixture(scope="session")
def settings(home: Path, database: str) -> Settings:
    """The settings of the application under test."""
    keyfile.make(home)
    wide = 1_000_000  # tests ask more in a minute than people do; those of the limits set their own
    return Settings(
        home=str(home),
        database_url=database,
        requests_per_credential=wide,
        requests_per_network=wide,
        requests_per_open_account=wide,
        held_megabytes=0,  # tests change the database behind the application's back, and ask at once
    )


@pytest.fixture(scope="session")
def application(settings: Settings) -> ASGIApp:
    """The application, which lives anew for each test."""
    return app.build(settings)


@pytest.fixture
async def site(application: ASGIApp, committed: Connection) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the application, in this process; what `committed` writes it sees."""
    del committed  # only its emptying is needed
    async with living(application) as (client, _):
        yield client


@pytest.fixture(scope="session")
def mariadb() -> Iterator[double.Server]:
    """A running MariaDB, for the reporting databases of trading servers."""
    if missing := double.Server.missing():
        lacking(missing)
    folder = Path(tempfile.mkdtemp(prefix="oc-", dir=MEMORY if in_memory() else None))
    server = double.Server(folder)
    server.start()
    yield server
    server.stop()
    shutil.rmtree(folder)


@pytest.fixture(scope="session", autouse=True)
def hurried() -> Iterator[None]:
    """Passwords are hashed at the least cost here, unless told; servers in processes of their own take the usual."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setitem(Hasher.__init__.__kwdefaults__ or {}, "parameters", CHEAP)
        yield


@pytest.fixture(scope="session", autouse=True)
def quiet() -> Iterator[None]:
    """Libraries warn where this folder is missing."""
    with tempfile.TemporaryDirectory() as runtime:
        os.environ.setdefault("XDG_RUNTIME_DIR", runtime)
        yield
