"""Which tables and columns a reporting database has: they come in generations, and in any letter case."""

import re
from collections.abc import Iterable, Sequence
from typing import Final

from msgspec import Struct

from opencabinet.ingest.feeds.metatrader.model import SourceUnfit

HISTORY: Final = re.compile(r"(mt5_deals|mt5_orders)_([0-9]{4}|history)")
MOST_YEAR_TABLES: Final = 100


class Column(Struct, frozen=True):
    """A column, as it is spelled there."""

    name: str
    nullable: bool


class Table(Struct, frozen=True):
    """A table: its columns by their lower-case names, and those by which rows can be found."""

    name: str
    columns: dict[str, Column]
    indexed: frozenset[str]

    def column(self, name: str) -> Column:
        """Return a column that must be there.

        Raises:
            SourceUnfit: if it is not.
        """
        found = self.columns.get(name.lower())
        if found is None:
            raise SourceUnfit(f"{self.name} has no column {name}.")
        return found

    def has(self, name: str) -> bool:
        """Whether there is such a column."""
        return name.lower() in self.columns


class Schema(Struct, frozen=True):
    """The tables of a reporting database by their lower-case names."""

    tables: dict[str, Table]

    def table(self, name: str) -> Table:
        """Return a table that must be there.

        Raises:
            SourceUnfit: if it is not.
        """
        found = self.tables.get(name)
        if found is None:
            raise SourceUnfit(f"There is no table {name} that can be read.")
        return found

    def get(self, name: str) -> Table | None:
        """Return a table, or None."""
        return self.tables.get(name)

    def parts(self, name: str) -> list[Table]:
        """Return what one kind of rows is spread over: the tables of years, then the table of all.

        What is in a table of a year is not read from the table of all, which may be of an older time.
        """
        years = sorted(key for key in self.tables if (found := HISTORY.fullmatch(key)) and found[1] == name)
        return [self.tables[key] for key in (*years[:MOST_YEAR_TABLES], name) if key in self.tables]


def schema(columns: Iterable[Sequence[object]], indexes: Iterable[Sequence[object]]) -> Schema:
    """Return what information_schema tells, of MetaTrader's tables."""
    found: dict[str, dict[str, Column]] = {}
    for table, column, nullable in columns:
        spelled = text(table)
        if spelled.lower().startswith(("mt4_", "mt5_")):
            name = text(column)
            found.setdefault(spelled, {})[name.lower()] = Column(name, text(nullable).upper() == "YES")
    indexed: dict[str, set[str]] = {}
    for table, column in indexes:
        indexed.setdefault(text(table), set()).add(text(column).lower())
    return Schema(
        {
            name.lower(): Table(name, found[name], frozenset(indexed.get(name, ())))
            for name in sorted(found, reverse=True)
        }
    )


def text(value: object) -> str:
    """Return a name as text; columns with a binary collation come as bytes."""
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
