"""Empty databases, and the programs of PostgreSQL on them."""

import itertools
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

from psycopg.conninfo import conninfo_to_dict

from opencabinet.db.embedded import DATABASE, Embedded

numbers = itertools.count(1)
NOISE = ("--", "\\restrict", "\\unrestrict", "SET ", "SELECT pg_catalog.set_config")
"""How the lines of a dump begin that are different each time, or say nothing of the database."""


@contextmanager
def empty(cluster: Embedded) -> Iterator[str]:
    """Give the address of an empty database, dropped afterwards."""
    name = f"empty_{next(numbers)}"
    program(cluster, "createdb", cluster.url, name)
    try:
        yield cluster.url.replace(DATABASE, name)
    finally:
        program(cluster, "dropdb", cluster.url, "--force", name)


def name_of(url: str) -> str:
    """Return the name of the database at `url`."""
    return str(conninfo_to_dict(url)["dbname"])


def program(cluster: Embedded, name: str, url: str, *arguments: str) -> str:
    """Run a program of PostgreSQL on the server of `url` and return what it says."""
    where = conninfo_to_dict(url)
    server = ("-h", str(where["host"]), "-U", str(where["user"]))
    done = subprocess.run(  # noqa: S603 - our own programs
        [str(cluster.bin / name), *server, *arguments], capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def dump(cluster: Embedded, url: str, *options: str) -> str:
    """Return a database as SQL, without what differs each time."""
    said = program(cluster, "pg_dump", url, "--no-owner", *options, "-d", name_of(url))
    kept = [line for line in said.splitlines() if line.strip() and not line.startswith(NOISE)]
    return "\n".join(kept) + "\n"
