"""Bringing a database to the newest schema, or one revision back."""

from pathlib import Path

from opencabinet.kernel.problem import Conflict


class MigrationFailed(Conflict):
    """The schema could not be changed, and is as it was."""


def up(url: str, revision: str = "head") -> None:
    """Bring the schema to `revision`."""
    from opencabinet.db.migrations import steps  # noqa: PLC0415 - Alembic is a third of a start that needs none

    steps.up(url, revision)


def down(url: str, revision: str = "-1") -> None:
    """Take the schema back to `revision`; by default one step."""
    from opencabinet.db.migrations import steps  # noqa: PLC0415 - the same

    steps.down(url, revision)


def head() -> str:
    """Return the newest revision; their files are numbered in the order in which they are taken."""
    return max(file.name for file in (Path(__file__).parent / "versions").glob("[0-9]*.py")).partition("_")[0]
