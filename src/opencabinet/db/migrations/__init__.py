"""Bringing a database to the newest schema, or one revision back."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from psycopg.conninfo import conninfo_to_dict


def config(url: str) -> Config:
    """Return Alembic's configuration for the database at `url`."""
    given = Config()
    given.set_main_option("script_location", str(Path(__file__).parent))
    given.attributes["connect"] = conninfo_to_dict(url)
    return given


def up(url: str, revision: str = "head") -> None:
    """Bring the schema to `revision`."""
    command.upgrade(config(url), revision)


def down(url: str, revision: str = "-1") -> None:
    """Take the schema back to `revision`; by default one step."""
    command.downgrade(config(url), revision)


def head() -> str:
    """Return the newest revision."""
    newest = ScriptDirectory.from_config(config("")).get_current_head()
    if newest is None:
        raise LookupError("There are no revisions.")
    return newest
