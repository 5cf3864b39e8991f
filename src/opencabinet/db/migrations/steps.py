"""The steps of the schema, as Alembic takes them."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from psycopg.conninfo import conninfo_to_dict
from sqlalchemy.exc import DBAPIError, OperationalError

from opencabinet.db.migrations import MigrationFailed


def config(url: str) -> Config:
    """Return Alembic's configuration for the database at `url`."""
    given = Config()
    given.set_main_option("script_location", str(Path(__file__).parent))
    given.attributes["connect"] = conninfo_to_dict(url)
    return given


def up(url: str, revision: str = "head") -> None:
    """Bring the schema to `revision`."""
    with told():
        command.upgrade(config(url), revision)


def down(url: str, revision: str = "-1") -> None:
    """Take the schema back to `revision`; by default one step."""
    with told():
        command.downgrade(config(url), revision)


@contextmanager
def told() -> Iterator[None]:
    """Say in one line why the schema could not be changed."""
    try:
        yield
    except CommandError as wrong:
        raise MigrationFailed(f"There is no such step: {wrong}.") from wrong
    except OperationalError as away:
        raise MigrationFailed(f"The database cannot be reached: {first_line(away)}") from away
    except DBAPIError as wrong:
        raise MigrationFailed(f"The database cannot be migrated: {first_line(wrong)}") from wrong


def first_line(wrong: DBAPIError) -> str:
    """Return what the driver said, without its hints."""
    return str(wrong.orig).partition("\n")[0]
