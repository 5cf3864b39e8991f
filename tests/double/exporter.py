"""The exporter: it writes what a server did into its reporting database, as the real ones do."""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from tests.double.broker import Broker, Key, Row
from tests.double.schema import Column, Generation, Table, tables
from tests.double.server import Session

YEARLY: Final = {"mt5_deals": "Time", "mt5_orders_history": "TimeDone"}
FINEST: Final = 10
"""Decimal places that a double is made from, at most."""
STALE_ROWS: Final = 12
"""Deals in the table without a year, from before there was one for each."""
Change = tuple[str, Key]


class Exporter:
    """Writes the changes of a broker through a connection of its own."""

    def __init__(self, broker: Broker, generation: Generation, session: Session) -> None:
        self.broker, self.generation, self.session = broker, generation, session
        self.tables = tables(generation)
        self.made: set[str] = set()
        self.written: dict[Change, Row] = {}
        self.stale: set[Key] = set()
        self.frozen = False

    @property
    def yearly(self) -> bool:
        """Whether this generation has a table for each year."""
        return self.generation in {"mt5-2023", "mt5-next"}

    async def make(self) -> None:
        """Make the tables that are there from the start."""
        for name in self.tables:
            if name != "mt5_orders_history" or not self.yearly:
                await self.table(self.named(name), self.tables[name])
        await self.beat()

    async def table(self, physical: str, table: Table) -> None:
        """Make a table, unless it is there."""
        if physical not in self.made:
            await self.session.run("SET SESSION sql_notes = 0")
            await self.session.run(table.ddl(physical))
            self.made.add(physical)

    def named(self, name: str) -> str:
        """Return what this generation calls a table."""
        return name.upper() if self.generation.endswith("upper") else name

    def physical(self, name: str, row: Row) -> str:
        """Return the table that a row stands in: that of its year, if there are such."""
        if self.yearly and name in YEARLY:
            return f"{name.removesuffix('_history')}_{row[YEARLY[name]].year}"
        return self.named(name)

    async def flush(self, only: Iterable[Change] | None = None, *, commit: bool = True) -> int:
        """Write what waits, or `only` that, in one transaction; return how many rows that were."""
        if self.frozen:
            return 0
        chosen = list(self.broker.dirty if only is None else only)
        chosen = [each for each in chosen if each in self.broker.dirty]
        for name, key in chosen:  # before the transaction, which a table's making would end
            if row := self.broker.rows[name].get(key):
                await self.table(self.physical(name, row), self.tables[name])
        await self.session.run("START TRANSACTION")
        await self.store(chosen)
        if commit:
            await self.session.run("COMMIT")
            await self.beat()
        return len(chosen)

    async def store(self, changes: list[Change]) -> None:
        """Write rows as they are now, those that are no more last."""
        there: dict[tuple[str, str], list[Row]] = {}
        for change in changes:
            self.broker.dirty.pop(change, None)
            name, key = change
            row = self.broker.rows[name].get(key)
            if row is None:
                await self.delete(change)
                continue
            there.setdefault((name, self.physical(name, row)), []).append(row)
            self.written[change] = dict(row)
            if name == "mt5_deals" and self.yearly and len(self.stale | {key}) <= STALE_ROWS:
                self.stale.add(key)
                there.setdefault((name, self.named(name)), []).append(row)
        for (name, physical), rows in there.items():
            await self.upsert(physical, self.tables[name], rows)

    async def upsert(self, physical: str, table: Table, rows: list[Row]) -> None:
        """Write rows over what may be there of them."""
        await self.table(physical, table)
        columns = [each for each in table.columns if any(each.name in row for row in rows) or must(each, table)]
        names = ", ".join(f"`{each.name}`" for each in columns)
        marks = ", ".join(["%s"] * len(columns))
        kept = ", ".join(f"`{each.name}` = VALUES(`{each.name}`)" for each in columns)
        statement = f"INSERT INTO `{physical}` ({names}) VALUES ({marks}) ON DUPLICATE KEY UPDATE {kept}"  # noqa: S608
        now = self.broker.now.replace(tzinfo=None, microsecond=0)
        rows = [row | {"MODIFY_TIME": now} for row in rows]
        await self.session.many(statement, [[stored(row.get(each.name), each) for each in columns] for row in rows])

    async def delete(self, change: Change) -> None:
        """Delete a row from wherever it was written."""
        name, _ = change
        row = self.written.pop(change, None)
        if row is None:
            return
        places = {self.physical(name, row), self.named(name)} & self.made
        for physical in places:
            key = self.tables[name].key
            where = " AND ".join(f"`{each}` = %s" for each in key)
            await self.session.run(f"DELETE FROM `{physical}` WHERE {where}", [row[each] for each in key])  # noqa: S608

    async def beat(self) -> None:
        """Write how far the export has come."""
        if self.generation.startswith("mt4"):
            config = [(1, self.now(), None), (2, self.now(), None), (3, None, ",*,"), (1000, 400, "")]
            rows = [{"CONFIG": number, "VALUE_INT": value, "VALUE_STR": text} for number, value, text in config]
            await self.upsert(self.named("mt4_config"), self.tables["mt4_config"], rows)
        else:
            row = {"Server_ID": 1, "SqlServer": "127.0.0.1", "SqlPeriod": 1}
            row |= {"BackupLastSync": self.now(), "BackupLastSyncSql": self.now()}
            await self.upsert("mt5_network_backup_servers", self.tables["mt5_network_backup_servers"], [row])

    def now(self) -> int:
        """Return now in seconds since 1970."""
        return int(self.broker.now.timestamp())

    @asynccontextmanager
    async def held(self, only: Iterable[Change] | None = None) -> AsyncIterator[None]:
        """Write what waits, or `only` that, but commit it when the block ends."""
        await self.flush(only, commit=False)
        yield
        await self.session.run("COMMIT")


def must(column: Column, table: Table) -> bool:
    """Whether a column must be said: those of MetaTrader 4 have no defaults."""
    return table.name.startswith("mt4") and not column.null and column.default is None


def stored(value: Any, column: Column) -> Any:
    """Return a value as it is written: prices and money as doubles with the noise that counting in steps leaves."""
    if value is None:
        return None if column.null else column.empty
    if isinstance(value, Decimal):
        return repr(noisy(value))
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="milliseconds" if column.kind == "t6" else "seconds")
    return value


def noisy(value: Decimal) -> float:
    """Return a number as a double that was reckoned in steps of its last place."""
    exponent = value.normalize().as_tuple().exponent
    places = min(max(-exponent, 0), FINEST) if isinstance(exponent, int) else 0
    return float(int(value.scaleb(places))) * float(f"1e-{places}")
