"""What can be traded on a server, and what it last cost."""

import os
import stat
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Annotated, BinaryIO, Final

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Column, Table

from opencabinet import accounts, market
from opencabinet.cli.database import operate
from opencabinet.db import Connection, Upserted
from opencabinet.kernel.clock import HELP, Clock
from opencabinet.kernel.money import plain
from opencabinet.kernel.problem import Unknown
from opencabinet.market import BadTable, Instrument, Quote, history, listing
from opencabinet.settings import Settings

LARGEST: Final = 512 * 2**20
"""Bytes of a file, at most: a year of ticks of one symbol."""

HEADINGS: Final = ("symbol", "digits", "contract size", "currencies", "tick", "told by", "bid", "ask", "as of (UTC)")
commands = typer.Typer(help="Instruments and quotes.", no_args_is_help=True)
console = Console(highlight=False, soft_wrap=True)

File = Annotated[
    Path, typer.Argument(metavar="FILE", help="A table: UTF-8 or UTF-16, cells parted by commas, semicolons or tabs.")
]
Server = Annotated[str, typer.Option(help="Name of the trading server.")]
Rule = Annotated[str | None, typer.Option("--clock", help=f"Clock of a server not yet known. {HELP}")]


@commands.command("instruments")
def keep_instruments(file: File, *, server: Server, clock_rule: Rule = None) -> None:
    """Keep what a file says of instruments; it wins over what statements tell. A bad line refuses the file."""
    with opened(file) as content:
        rows = listing.read(content, server)
    report(file, "instruments", keep(server, clock_rule, lambda conn, _: market.save_instruments(conn, rows)))


@commands.command("quotes")
def keep_quotes(
    file: File,
    *,
    server: Server,
    clock_rule: Rule = None,
    symbol: Annotated[str | None, typer.Option(help="Symbol of a file that has no column for it.")] = None,
    ask: Annotated[bool, typer.Option("--ask", help="The file's bars are of asks; of bids unless given.")] = False,
) -> None:
    """Keep the last quote of each symbol in a file, unless a newer one is known. A bad line refuses the file."""

    async def work(conn: Connection, clock: Clock) -> Upserted:
        told = history.Told(server, clock, None if symbol is None else listing.symbol(symbol), "ask" if ask else "bid")
        with opened(file) as content:
            rows = history.read(content, told, datetime.now(UTC))
        return await market.save_quotes(conn, rows)

    report(file, "quotes", keep(server, clock_rule, work))


@commands.command("list")
def show(
    *,
    server: Server,
    limit: Annotated[int, typer.Option(min=1, max=5000, help="At most so many.")] = 500,
    after: Annotated[str | None, typer.Option(metavar="SYMBOL", help="Only symbols after this one.")] = None,
) -> None:
    """List what is known of a server's symbols, with their last quotes."""

    async def work(conn: Connection, _: Settings) -> None:
        symbols = await market.symbols(conn, server, after=after or "", limit=limit)
        if not symbols:
            raise Unknown(f"No symbol of a server {server[:64]!r} is known.")
        known = await market.instruments(conn, server, symbols)
        quotes = await market.quotes(conn, server, symbols)
        table = Table(*(Column(heading, overflow="fold") for heading in HEADINGS))
        for each in symbols:
            table.add_row(*map(escape, line(each, known.get(each), quotes.get(each))))
        Console(highlight=False).print(table)

    operate(work, role="opencabinet_read")


def keep(server: str, rule: str | None, work: Callable[[Connection, Clock], Awaitable[Upserted]]) -> Upserted:
    """Do a piece of work in one transaction, with the server's clock."""

    async def within(conn: Connection, _: Settings) -> Upserted:
        async with conn.transaction():
            clock = await accounts.know_server(conn, server, rule)
            return await work(conn, clock)

    return operate(within)


@contextmanager
def opened(path: Path) -> Iterator[BinaryIO]:
    """Open a file to read, if it is one and is not too large; what is wrong in it is said with its name."""
    try:
        with os.fdopen(os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY), "rb") as file:
            judge(os.fstat(file.fileno()))
            yield file
    except OSError as problem:
        raise BadTable(f"{path.name}: it cannot be opened: {problem.strerror}.") from problem
    except BadTable as problem:
        raise BadTable(f"{path.name}: {problem.detail}") from problem


def judge(found: os.stat_result) -> None:
    """Refuse what is no file, or too large a one."""
    if not stat.S_ISREG(found.st_mode):
        raise BadTable("it is not a regular file.")
    if found.st_size > LARGEST:
        raise BadTable(f"it has more than {LARGEST // 2**20} MiB.")


def report(file: Path, what: str, done: Upserted) -> None:
    """Say what became of a file."""
    console.print(f"{file.name}: {done.new} {what} new, {done.changed} changed.", markup=False)


def line(symbol: str, known: Instrument | None, quote: Quote | None) -> list[str]:
    """Return a symbol's line of the list."""
    pair = (known.base_currency, known.profit_currency) if known else (None, None)
    tick = (known.tick_size, known.tick_value) if known else (None, None)
    return [
        known.symbol if known else symbol,
        str(known.digits) if known else "–",
        figure(known.contract_size if known else None),
        "/".join(each or "–" for each in pair),
        " = ".join(map(figure, tick)) if any(tick) else "–",
        known.told_by if known else "–",
        figure(quote.bid if quote else None),
        figure(quote.ask if quote else None),
        f"{quote.quoted_at:%Y-%m-%d %H:%M:%S}" if quote else "–",
    ]


def figure(number: Decimal | None) -> str:
    """Write a figure, or a dash for one that is not known."""
    return "–" if number is None else plain(number)
