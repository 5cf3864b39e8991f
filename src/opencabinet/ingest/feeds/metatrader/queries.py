"""What a reporting database is asked, in the SQL of MariaDB and MySQL.

Rows are rendered there, each as one line in the form that PostgreSQL's COPY takes. Names come from its own
information_schema and are quoted; values are whole numbers. No statement has a percent sign.
"""

import re
from collections.abc import Iterable, Sequence
from typing import Final, Literal

from msgspec import Struct

from opencabinet.ingest.feeds.metatrader.schema import Column, Table

LARGEST: Final = 2**63 - 1
LARGEST_CODE: Final = 2**15 - 1
NO_TIME: Final = "1970-01-02"
"""Times before it are none: an unset time is 1970-01-01 or the zero date."""
NULL: Final = r"'\\N'"
ESCAPES: Final = (
    (r"'\\'", r"'\\\\'"),
    (r"'\t'", r"'\\t'"),
    (r"'\n'", r"'\\n'"),
    (r"'\r'", r"'\\r'"),
    ("CHAR(0)", "''"),
)
NEEDED: Final = ("SET SESSION sql_mode = ''", "SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED, READ ONLY")
COLUMNS: Final = (
    "SELECT table_name, column_name, is_nullable FROM information_schema.columns WHERE table_schema = DATABASE()"
)
INDEXES: Final = (
    "SELECT table_name, column_name FROM information_schema.statistics"
    " WHERE table_schema = DATABASE() AND seq_in_index = 1"
)
TABLES: Final = "SHOW TABLES"
GRANTS: Final = "SHOW GRANTS"

WRITING: Final = re.compile(
    r"^GRANT [^`']*?\b(ALL PRIVILEGES|INSERT|UPDATE|DELETE|CREATE|DROP|ALTER|SUPER|FILE|TRIGGER)\b"
)
"""A grant of more than to read."""

Kind = Literal["whole", "code", "figure", "time", "text"]


class Take(Struct, frozen=True):
    """A column that is taken: the first that there is of `names`, of times the first that is set.

    `otherwise` (SQL) stands for one that is not there, or has no value. `times` scales a volume to the finest unit.
    """

    kind: Kind
    names: tuple[str, ...]
    otherwise: str = "0"
    times: dict[str, int] = {}


def session(seconds: int) -> tuple[str, ...]:
    """Return what a session begins with: it cannot write, and waits for nothing longer than so many seconds."""
    return (
        *NEEDED,
        "SET SESSION time_zone = '+00:00'",
        f"SET SESSION max_statement_time = {seconds}",
        f"SET SESSION max_execution_time = {seconds * 1000}",
        f"SET SESSION lock_wait_timeout = {min(seconds, 5)}",
        f"SET SESSION innodb_lock_wait_timeout = {min(seconds, 5)}",
        "SET SESSION wait_timeout = 900",
    )


def quoted(name: str) -> str:
    """Return a name so that reserved words and odd characters do no harm."""
    return "`" + name.replace("`", "``") + "`"


def line(table: Table, takes: Sequence[Take], *more: str) -> str:
    """Return the expression of a row as a line for COPY, with `more` expressions at its end."""
    return joined_line([*(taken(table, take) for take in takes), *more])


def joined_line(expressions: Sequence[str]) -> str:
    """Return the expression of a line of these."""
    return "CONCAT_WS('\\t', " + ", ".join(expressions) + ")"


def taken(table: Table, take: Take, at: str = "") -> str:
    """Return the expression of one column; `at` says which table of a join it is of."""
    found = [column for name in take.names if (column := table.columns.get(name.lower()))]
    if not found:
        return take.otherwise
    if take.kind == "time":
        given = NULL
        for column in reversed(found):
            given = timed(at + quoted(column.name), given)
        return given
    given = rendered(take.kind, at + quoted(found[0].name), take.otherwise)
    if factor := take.times.get(found[0].name.lower()):
        given = f"{given} * {factor}"
    return f"IFNULL({given}, {take.otherwise})" if found[0].nullable else given


def rendered(kind: Kind, name: str, otherwise: str) -> str:
    """Return how a value is rendered: no whole number larger than we can keep, no absurd figure, text escaped."""
    if kind == "whole":
        return f"LEAST({name}, {LARGEST})"
    if kind == "code":
        return f"LEAST({name}, {LARGEST_CODE})"
    if kind == "figure":
        return f"IF(ABS({name}) < 1e15, {name}, {otherwise})"
    for plain, escaped in ESCAPES:
        name = f"REPLACE({name}, {plain}, {escaped})"
    return f"RTRIM({name})"


def timed(name: str, otherwise: str) -> str:
    """Return how a time is rendered: the first of several that is one, a day of the calendar."""
    return f"IF({name} >= '{NO_TIME}' AND MONTH({name}) > 0 AND DAYOFMONTH({name}) > 0, {name}, {otherwise})"


def page(table: Table, row: str, key: Column, after: int, limit: int, where: str = "") -> str:
    """Return the question for the rows that come next by their key."""
    more = f" AND {where}" if where else ""
    return (
        f"SELECT {row} FROM {quoted(table.name)} WHERE {quoted(key.name)} > {after}{more}"
        f" ORDER BY {quoted(key.name)} LIMIT {limit}"
    )


def window(
    table: Table, row: str, stamp: Column, key: Column, after: tuple[int, int], limit: int, where: str = ""
) -> str:
    """Return the question for the rows that come next by their stamp, and among equal stamps by their key.

    A comparison of both as one tuple would walk the index from its start.
    """
    by, last, (since, seen) = quoted(stamp.name), quoted(key.name), after
    more = f" AND {where}" if where else ""
    return (
        f"SELECT {row} FROM {quoted(table.name)} WHERE {by} >= {since} AND ({by} > {since} OR {last} > {seen}){more}"
        f" ORDER BY {by}, {last} LIMIT {limit}"
    )


def whole(table: Table, row: str, where: str = "", join: str = "") -> str:
    """Return the question for all rows of a table, or of what `where` says."""
    return f"SELECT {row} FROM {quoted(table.name)}{join}" + (f" WHERE {where}" if where else "")


def among(key: Column, keys: Iterable[int], at: str = "") -> str:
    """Return the condition that a row has one of the keys."""
    return f"{at}{quoted(key.name)} IN ({', '.join(map(str, keys))})"


def between(key: Column, since: int, until: int) -> str:
    """Return the condition that a row's key is within a range, its end excluded."""
    return f"{quoted(key.name)} >= {since} AND {quoted(key.name)} < {until}"


def printed(table: Table, row: str, key: Column, size: int, since: int, until: int) -> str:
    """Return the question for how many rows there are in each range of keys, and for the fingerprint of all of them.

    A checksum alone is linear: two rows that have changed alike would undo each other.
    """
    return (
        f"SELECT {quoted(key.name)} DIV {size} AS bucket, COUNT(*), BIT_XOR(CRC32(MD5({row})))"
        f" FROM {quoted(table.name)} WHERE {between(key, since, until)} GROUP BY bucket"
    )


def smallest(table: Table, key: Column, since: int) -> str:
    """Return the question for the first key from `since` on."""
    return f"SELECT MIN({quoted(key.name)}) FROM {quoted(table.name)} WHERE {quoted(key.name)} >= {since}"


def since(stamp: Column, value: int, at: str = "") -> str:
    """Return the condition that a row's stamp is at least so much."""
    return f"{at}{quoted(stamp.name)} >= {value}"


def both(first: str, second: str) -> str:
    """Return the condition that two conditions hold, of which the first may be empty."""
    return f"{first} AND {second}" if first else second


def largest(table: Table, column: Column) -> str:
    """Return the question for the largest value of a column that has an index."""
    return f"SELECT MAX({quoted(column.name)}) FROM {quoted(table.name)}"


def nowhere_in(key: Column, table: Table, others: Sequence[Table]) -> str:
    """Return the condition that a row is in none of the other tables."""
    own = f"{quoted(table.name)}.{quoted(key.name)}"
    return " AND ".join(
        f"NOT EXISTS (SELECT 1 FROM {quoted(other.name)} AS other WHERE other.{quoted(key.name)} = {own})"
        for other in others
    )


def explained(statement: str) -> str:
    """Return the question for how a statement would be answered."""
    return f"EXPLAIN {statement}"


def unset(column: Column) -> str:
    """Return the condition that a time is not set."""
    return f"{quoted(column.name)} < '{NO_TIME}'"


def config(table: Table, name: str, key: str, number: int) -> str:
    """Return the question for one value of a table of settings."""
    wanted, by = table.column(name), table.column(key)
    return f"SELECT {quoted(wanted.name)} FROM {quoted(table.name)} WHERE {quoted(by.name)} = {number}"


def latest(table: Table, name: str) -> str:
    """Return the question for the largest value of a column of a short table, as text."""
    return f"SELECT CAST(MAX({quoted(table.column(name).name)}) AS CHAR) FROM {quoted(table.name)}"


def columns_of(table: Table, *names: str) -> str:
    """Return the question for some columns of a short table."""
    return f"SELECT {', '.join(quoted(table.column(name).name) for name in names)} FROM {quoted(table.name)}"


def unless(condition: str, usual: str, otherwise: str) -> str:
    """Return the expression of `usual`, or of `otherwise` where the condition holds."""
    return f"IF({condition}, {otherwise}, {usual})"
