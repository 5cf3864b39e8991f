"""What is read of one server: which lines of which tables, by which keys and stamps."""

from msgspec import Struct

from opencabinet.ingest.feeds.metatrader import queries
from opencabinet.ingest.feeds.metatrader.schema import Column, Table
from opencabinet.ingest.feeds.model import Family


class Source(Struct, frozen=True, kw_only=True):
    """Rows that stay: they are followed by their stamp and their key, and swept.

    `steady` is the expression of what does not move with prices. `where` leaves out what another table tells better.
    `stamp` is None where no index finds rows by it.
    """

    table: Table
    into: str
    family: Family
    places: tuple[str, ...]
    row: str
    steady: str
    key: Column
    stamp: Column | None
    where: str = ""

    @property
    def name(self) -> str:
        """Its name, whatever its letter case there."""
        return self.table.name.lower()


class Standing(Struct, frozen=True, kw_only=True):
    """Rows that stand until they vanish: they are read whole, each time.

    The last `floating` columns move with every price. `among` are the sources in which a row that is here no more is
    looked for by its key.
    """

    table: Table
    into: str
    family: Family
    place: str
    row: str
    key: Column
    where: str = ""
    floating: int = 0
    among: tuple[Source, ...] = ()


class Accounts(Struct, frozen=True, kw_only=True):
    """The accounts: what is read of each, of which tables."""

    table: Table
    row: str
    joined: str
    key: Column
    stamp: Column | None
    prefix: str = ""
    floating: int = 3

    def whole(self) -> str:
        """Return the question for all."""
        return queries.whole(self.table, self.row, join=self.joined)

    def among(self, numbers: list[int]) -> str:
        """Return the question for some."""
        return queries.whole(self.table, self.row, queries.among(self.key, numbers, self.prefix), self.joined)


class Plan(Struct, frozen=True, kw_only=True):
    """What is read of a server. `groups`, `symbols` and `prices` are questions whose answers are short."""

    accounts: Accounts
    sources: tuple[Source, ...]
    standing: tuple[Standing, ...]
    groups: str = ""
    symbols: str = ""
    prices: str = ""
    heartbeat: str = ""


def stamped(table: Table, name: str) -> Column | None:
    """Return the column of stamps, if rows can be found by it."""
    return table.columns.get(name.lower()) if name.lower() in table.indexed else None
