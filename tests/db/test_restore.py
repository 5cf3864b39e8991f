from collections.abc import Iterator
from pathlib import Path

import pytest

from opencabinet import access, ingest, samples
from opencabinet.db import Connection, migrations, outbox
from opencabinet.db.embedded import Embedded
from opencabinet.db.outbox import Place
from opencabinet.ingest import Summary, reading
from opencabinet.kernel.ids import Login
from tests.db.databases import dump, empty, name_of, program
from tests.quiet import after

SAMPLES = sorted((Path(samples.__file__).parent / "files").glob("mt*"))
LAST = "SELECT last FROM event_numbers WHERE login = %(login)s"
START = Place(xid=0, id=0)


@pytest.fixture
def elsewhere(cluster: Embedded) -> Iterator[str]:
    """Give the address of another empty database."""
    with empty(cluster) as url:
        yield url


async def load(conn: Connection, file: Path) -> Summary:
    """Import a sample."""
    return await ingest.load(conn, reading.read(file), server=f"Server {file.name}", rule="NewYork+7")


async def filled(url: str) -> Login:
    """Fill a database with a sample of each platform, and with something of everything else; give an account."""
    migrations.up(url)
    async with await Connection.open(url) as conn:
        for file in (SAMPLES[0], SAMPLES[-1]):
            login = (await load(conn, file)).login
        await access.set_password(conn, login, pepper=b"p" * 32)
        await access.close_account(conn, login, [access.network("192.0.2.0/24"), access.network("2001:db8::/48")])
        await outbox.reached(conn, "log", (await after(conn, START, 1000))[-1].place)
    return login


def restored(cluster: Embedded, url: str, to: str, file: Path) -> None:
    """Carry a database over with pg_dump and pg_restore."""
    program(cluster, "pg_dump", url, "-Fc", "-f", str(file), name_of(url))
    program(cluster, "pg_restore", to, "--exit-on-error", "-d", name_of(to), str(file))


async def test_a_restored_dump_has_the_same_rows(
    nothing: str, elsewhere: str, cluster: Embedded, tmp_path: Path
) -> None:
    await filled(nothing)

    restored(cluster, nothing, elsewhere, tmp_path / "dump")

    assert dump(cluster, elsewhere) == dump(cluster, nothing)
    assert "mt5" in dump(cluster, elsewhere, "--data-only")


async def test_a_restored_database_goes_on(nothing: str, elsewhere: str, cluster: Embedded, tmp_path: Path) -> None:
    login = await filled(nothing)
    restored(cluster, nothing, elsewhere, tmp_path / "dump")
    migrations.up(elsewhere)

    async with await Connection.open(elsewhere) as conn:
        place, number = await outbox.place(conn, "log"), await conn.value(LAST, login=login)
        again = await load(conn, SAMPLES[-1])
        await outbox.append(conn, login, "told")
        [event] = await after(conn, place, 10)

    assert (again.new, again.changed) == (0, 0)
    assert (event.login, event.number) == (login, number + 1)
