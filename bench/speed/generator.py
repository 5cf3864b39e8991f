"""Makes the data: accounts with everything that is read of them, the same for the same seed, by PostgreSQL's COPY."""

import asyncio
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any, Final

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from bench.speed import places, statements
from opencabinet.db import Connection

SINCE: Final = np.datetime64("2016-01-04T00:00:00")
UNTIL: Final = np.datetime64("2025-12-30T00:00:00")
SECONDS: Final = int((UNTIL - SINCE).astype(int))
LONGEST_HELD: Final = 3 * 86_400
OFFSET: Final = 120
"""Minutes that the server's clock is ahead of UTC."""
MILLION: Final = 1_000_000
THOUSAND: Final = 1_000
SYMBOLS: Final = ("EURUSD", "GBPUSD", "USDJPY", "XAUUSD", "AUDCAD")
PRICES: Final = (1.1, 1.3, 150.0, 2300.0, 0.9)
DIGITS: Final = (5, 5, 3, 2, 5)
TAILS: Final = 8_192
"""Different trades there are, but for their numbers and times."""
PIECE: Final = 20_000
"""Rows that are made at a time."""
AT_ONCE: Final = 500_000
"""Trades that one COPY brings, about: what keeps them in order looks at all of a COPY together."""


class Size(Struct, frozen=True):
    """How much there is to be."""

    accounts: int = 100_000
    trades: int = 10_000_000
    seed: int = 1

    @property
    def large(self) -> int:
        """How many trades each of the large accounts has."""
        return min(MILLION, self.trades // 10)

    def trades_of(self) -> NDArray[np.int64]:
        """Return how many trades each account has, the accounts in the order of their logins."""
        ordinary = self.accounts - 1 - len(places.LARGE)
        left = max(self.trades - THOUSAND - self.large * len(places.LARGE), 0)
        shares = np.random.default_rng(self.seed).exponential(size=ordinary) + 0.1
        many = np.floor(shares * left / shares.sum()).astype(np.int64)
        many[: left - many.sum()] += 1
        return np.concatenate([np.array([THOUSAND, *[self.large] * len(places.LARGE)]), many])


async def fill(url: str, size: Size) -> None:
    """Make all of it in an empty database that has the schema."""
    async with await Connection.open(url) as conn:
        await conn.execute(statements.SERVER, {"server": places.SERVER})
        logins = range(places.FIRST, places.FIRST + size.accounts)
        for table, columns, rows in statements.OF_ACCOUNTS:
            await copy(conn, table, columns, text(row for login in logins for row in rows(login)))
        indexes = await conn.values(statements.INDEXES)
        for name, _ in indexes:
            await conn.execute(f'DROP INDEX "{name}"'.encode())
    many = size.trades_of()
    firsts = np.concatenate([[0], np.cumsum(many)[:-1]]) + 1
    halves = [(place, many[place], firsts[place]) for place in (slice(0, None, 2), slice(1, None, 2))]
    await asyncio.gather(*(asyncio.to_thread(asyncio.run, trade(url, size, *half)) for half in halves))
    async with await Connection.open(url) as conn:
        await conn.execute(statements.ROOMY)
        for _, made in indexes:
            await conn.execute(made.encode())
        await conn.execute(statements.ROLLED_UP)
        await conn.execute(statements.BALANCED)
        await conn.execute("VACUUM ANALYZE")
        await conn.execute("CHECKPOINT")


async def trade(url: str, size: Size, place: slice, many: NDArray[np.int64], firsts: NDArray[np.int64]) -> None:
    """Make the closed trades of every second account."""
    logins = np.arange(places.FIRST, places.FIRST + size.accounts)[place]
    tails = list(made_up(size.seed))
    async with await Connection.open(url) as conn:
        await conn.execute("SET opencabinet.first_load = 'on'")  # they are rolled up all at once
        begin = 0
        while begin < len(logins):
            end = begin + max(int(np.searchsorted(np.cumsum(many[begin:]), AT_ONCE)), 1)
            chunk = slice(begin, end)
            rows = closed(logins[chunk], many[chunk], firsts[chunk], tails, size.seed)
            await copy(conn, "closed_trades", statements.CLOSED, rows)
            begin = end


def closed(
    logins: NDArray[np.int64], many: NDArray[np.int64], firsts: NDArray[np.int64], tails: list[str], seed: int
) -> Iterator[str]:
    """Give the closed trades of accounts as lines, spread over all the years."""
    owners, sizes = np.repeat(logins, many), np.repeat(many, many)
    within = np.arange(many.sum()) - np.repeat(np.cumsum(many) - many, many)
    tickets = np.repeat(firsts, many) + within
    chance = np.random.default_rng([seed, int(logins[0])])
    for at in range(0, len(owners), PIECE):
        piece = slice(at, at + PIECE)
        owner = owners[piece]
        spread = (within[piece] + chance.random(len(owner))) * (SECONDS / sizes[piece])
        ended = SINCE + spread.astype("timedelta64[s]")
        begun = ended - chance.integers(60, LONGEST_HELD, len(owner)).astype("timedelta64[s]")
        which = chance.integers(0, TAILS, len(owner)).tolist()
        times = (np.datetime_as_string(begun).tolist(), np.datetime_as_string(ended).tolist())
        numbers = (owner.tolist(), tickets[piece].tolist())
        yield "".join(
            f"{login}\t{number}\t{number}\t{opened}Z\t{shut}Z\t{tails[tail]}"
            for login, number, opened, shut, tail in zip(*numbers, *times, which, strict=True)
        )


def lines_of(size: Size, of_an_account: int) -> Iterator[str]:
    """Give the closed trades of accounts that have equally many, a line each."""
    logins = np.arange(places.FIRST, places.FIRST + size.accounts)
    many = np.full(size.accounts, of_an_account)
    firsts = np.cumsum(many) - many + 1
    for piece in closed(logins, many, firsts, list(made_up(size.seed)), size.seed):
        yield from piece.splitlines()


def made_up(seed: int) -> Iterator[str]:
    """Give the ends of lines of trades: symbols, volumes, prices and results."""
    chance = np.random.default_rng([seed, 0])
    for _ in range(TAILS):
        what = int(chance.integers(len(SYMBOLS)))
        price = PRICES[what] * (1 + chance.normal() / 50)
        end = price * (1 + chance.normal() / 500)
        lots, profit = chance.integers(1, 300) / 100, round(chance.normal() * 40, 2)
        swap = -round(float(chance.random()) * 2, 2)
        side = ("buy", "sell")[int(chance.integers(2))]
        levels = f"{price:.{DIGITS[what]}f}\t{end:.{DIGITS[what]}f}"
        costs = f"-0.07\t0\t{swap}\t{profit}\t"
        yield f"{SYMBOLS[what]}\t{side}\t{lots:.2f}\t100000\t{DIGITS[what]}\t120\t120\t{levels}\t{costs}\n"


def text(rows: Iterable[tuple[Any, ...]]) -> Iterator[str]:
    """Give rows as lines, many at a time."""
    lines: list[str] = []
    for row in rows:
        lines.append("\t".join(map(word, row)) + "\n")
        if len(lines) == PIECE:
            yield "".join(lines)
            lines = []
    yield "".join(lines)


def word(value: Any) -> str:
    """Return a value as COPY reads it."""
    if value is None:
        return r"\N"
    if isinstance(value, bytes):
        return rf"\\x{value.hex()}"
    return value.astimezone(UTC).isoformat() if isinstance(value, datetime) else str(value)


async def copy(conn: Connection, table: str, columns: str, lines: Iterable[str]) -> None:
    """Copy lines into a table."""
    statement = f"COPY {table} ({columns}) FROM STDIN"
    async with conn.cursor() as cursor, cursor.copy(statement.encode()) as target:
        for piece in lines:
            await target.write(piece)
