"""The oldest PostgreSQL that is promised, where the system has one: Debian 12's is version 15."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from opencabinet import access, ingest, samples
from opencabinet.access import Family, Kind, secrets
from opencabinet.db import Connection, migrations, store
from opencabinet.db.embedded import Embedded
from opencabinet.ingest import reading
from tests import make, needs

PROGRAMS = Path("/usr/lib/postgresql/15/bin")


@pytest.fixture
def url() -> Iterator[str]:
    """The address of a database of that version."""
    if not (PROGRAMS / "initdb").exists():
        needs.lacking("install postgresql-15")
    home = Path(tempfile.mkdtemp(prefix="oc-"))
    home.chmod(0o755)
    server = Embedded(home)
    server.bin = PROGRAMS
    server.home.mkdir()
    server._own(server.home)  # noqa: SLF001 - a cluster made as that version makes it
    server._run("initdb", "-D", server.data, "-U", "postgres", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8")  # noqa: SLF001
    server.start()
    yield server.url
    server.stop()
    shutil.rmtree(home)


async def test_the_oldest_server_migrates_imports_and_judges(url: str) -> None:
    migrations.up(url)
    migrations.down(url)
    migrations.up(url)
    conn = await Connection.open(url)
    for file in sorted((Path(samples.__file__).parent / "files").glob("mt?-*")):
        done = await ingest.load(conn, reading.read(file), server="S", rule="NewYork+7", now=make.LATER)
        assert done.reconciliation.complete
    password = await access.set_password(conn, done.login, pepper=b"x" * 32)
    await conn.close()

    serving = await Connection.open(url, role="opencabinet_serve")
    asked = access.Ask(login=done.login, function=access.Function.BALANCE, address=None)
    token = await access.issue(
        serving, pepper=b"x" * 32, login=done.login, password=password, family=Family.CLIENT, lifetime=make.HOUR
    )
    assert (await access.permit(serving, token, asked)).granted == done.login
    assert (await access.permit(serving, secrets.make_token(Kind.LEGACY), asked)).granted is None
    assert await store.shortcomings(serving) == []
    await serving.close()
