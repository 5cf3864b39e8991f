"""The tables of each generation of the export, from the lists of their columns in `export.txt`.

A column is a name and a type: `u` an unsigned and `b` a signed long, `i` an unsigned and `s` a signed integer, `d` a
double, `t` and `t6` a wall time, `vN` and `cN` text, `blob`; `?` may be null, `=` has a default. A table is its name,
its key, its indexes and its columns. `_YYYY` stands for the years that the server has seen.
"""

import re
from datetime import date
from pathlib import Path
from typing import Final, Literal, get_args

from msgspec import Struct

Generation = Literal["mt4-2012", "mt4-2017", "mt4-2020-upper", "mt5-2018", "mt5-2023", "mt5-next"]
GENERATIONS: Final[tuple[Generation, ...]] = get_args(Generation)

TEXT: Final = Path(__file__).with_name("export.txt").read_text()
TABLE: Final = re.compile(r"^(\w+): (.+?)(?:; (.+))?\n((?:  .+\n)+)", re.MULTILINE)
TABLES: Final = {name: (key, indexes, columns) for name, key, indexes, columns in TABLE.findall(TEXT)}
SWAP_DAYS: Final = " ".join(f"SwapRate{day:%A}" for day in (date(2026, 3, each) for each in range(1, 8)))
DROPPED: Final[dict[Generation, dict[str, str]]] = {
    "mt4-2012": {
        "mt4_trades": "REASON MAGIC GW_VOLUME GW_OPEN_PRICE GW_CLOSE_PRICE",
        "mt4_users": "ENABLE_OTP LEAD_SOURCE MQID CURRENCY API_DATA",
    },
    "mt5-2018": {
        "mt5_deals": "Fee PriceSL PriceTP MarketBid MarketAsk MarketLast",
        "mt5_users": "FirstName LastName MiddleName LimitOrders",
        "mt5_symbols": f"SwapYearDay SwapFlags {SWAP_DAYS}",
        "mt5_network_backup_servers": "BackupLastSyncSql",
    },
}
"""Columns that a generation does not have."""
ADDED: Final[dict[Generation, dict[str, str]]] = {
    "mt5-next": {"mt5_deals": "Value d; 00 s", "mt5_positions": "VolumeGatewayExt u", "mt5_users": "Passport v64"},
}
"""Columns that nobody has heard of yet."""
INDEXED: Final[dict[Generation, dict[str, str]]] = {
    "mt4-2020-upper": {"mt4_users": "ENABLE ENABLE_READONLY", "mt4_prices": "TIME"},
}
"""More indexes than others have."""
TYPES: Final = {
    "u": "bigint(20) unsigned",
    "b": "bigint(20)",
    "i": "int(10) unsigned",
    "s": "int(11)",
    "d": "double",
    "t": "datetime",
    "t6": "datetime(6)",
    "blob": "blob",
}
COLUMN: Final = re.compile(r"(\w+) (t6|[ubisdt]|blob|[vc]\d+)(\?)?(=(.*))?")
ZERO_TIME: Final = "0000-00-00 00:00:00"


class Column(Struct, frozen=True):
    """A column: its name, its kind in the compact lists, and what stands in it when nothing is said."""

    name: str
    kind: str
    null: bool
    default: str | None

    @property
    def empty(self) -> int | str:
        """What is in it when nothing was."""
        if self.kind in {"t", "t6"}:
            return "1970-01-01 00:00:00"
        return "" if self.kind[0] in "vc" or self.kind == "blob" else 0

    def ddl(self, *, mt5: bool) -> str:
        """Return how the column is made; those of MetaTrader 5 all have a default."""
        kind = TYPES.get(self.kind) or f"{'varchar' if self.kind[0] == 'v' else 'char'}({self.kind[1:]})"
        if self.null:
            return f"`{self.name}` {kind} NULL"
        zero = ZERO_TIME if self.kind in {"t", "t6"} else str(self.empty)
        default = zero if mt5 else self.default
        return f"`{self.name}` {kind} NOT NULL" + ("" if default is None else f" DEFAULT '{default}'")


class Table(Struct, frozen=True):
    """A table of one generation: what the facts call it, and what it is made of."""

    name: str
    key: tuple[str, ...]
    indexes: tuple[str, ...]
    columns: tuple[Column, ...]

    def ddl(self, physical: str) -> str:
        """Return the statement that makes it under the name `physical`."""
        parts = [column.ddl(mt5=self.name.startswith("mt5")) for column in self.columns]
        parts.append("PRIMARY KEY ({})".format(", ".join(f"`{name}`" for name in self.key)))
        parts += [f"KEY `IDX_{physical}_{name}` (`{name}`)" for name in self.indexes]
        return f"CREATE TABLE IF NOT EXISTS `{physical}` ({', '.join(parts)}) ENGINE=InnoDB DEFAULT CHARSET=utf8"


def column(text: str) -> Column:
    """Read one column of a compact list."""
    found = COLUMN.fullmatch(text)
    if not found:
        raise ValueError(text)
    name, kind, null, has, default = found.groups()
    return Column(name, kind, bool(null), default if has else None)


def tables(generation: Generation) -> dict[str, Table]:
    """Return the tables of a generation by their names without a year."""
    return {
        listed.removesuffix("_YYYY"): table(generation, listed.removesuffix("_YYYY"), *parts)
        for listed, parts in TABLES.items()
        if listed.startswith(generation[:3]) and listed != "mt5_orders_YYYY"
    }


def table(generation: Generation, name: str, key: str, indexes: str, columns: str) -> Table:
    """Return one table as a generation has it."""
    gone = DROPPED.get(generation, {}).get(name, "").split()
    more = filter(None, ADDED.get(generation, {}).get(name, "").split(";"))
    indexed = [*indexes.split(), *INDEXED.get(generation, {}).get(name, "").split()]
    if generation == "mt5-2018":
        indexed = [each for each in indexed if each != "Timestamp"]
    held = [column(" ".join(text.split())) for text in [*columns.split(";"), *more]]
    return Table(name, tuple(key.split()), tuple(indexed), tuple(each for each in held if each.name not in gone))
