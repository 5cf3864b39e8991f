"""Loading a statement: in batches, each in a transaction with its event, under the account's lock."""

from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import nullcontext
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, Final

from msgspec import Struct, structs

from opencabinet import accounts, ledger, trades
from opencabinet.accounts import Account, Origin, OtherAccount, staged
from opencabinet.db import Connection, Upserted, outbox
from opencabinet.ingest import telling
from opencabinet.ingest.feeds.telling import account_changed
from opencabinet.ingest.model import Statement, Unreadable
from opencabinet.ingest.summary import Summary, Tally
from opencabinet.ingest.translate import Translator
from opencabinet.kernel.ids import Login
from opencabinet.ledger import Reconciliation
from opencabinet.trades import Deal

BATCH: Final = 10_000
"""Rows of one transaction, at most."""


async def load(
    conn: Connection,
    statement: Statement,
    *,
    server: str,
    rule: str | None = None,
    login: Login | None = None,
    now: datetime | None = None,
    progress: Callable[[int], None] = lambda _rows: None,
) -> Summary:
    """Bring what we hold of an account up to a statement; loading the same statement again changes nothing.

    A statement of one batch is loaded whole or not at all; of a larger one, what an interruption left is completed by
    loading it again. `progress` is told of every batch how many rows it had. A history older than what is known
    arrives without its balance and open trades.

    Raises:
        ClockNeeded, OtherClock: if the server is new and `rule` is missing, or it is known by another rule.
        LoginNeeded, LoginTaken, OtherAccount: if it cannot be told which account this is.
        Unreadable: if the statement is of a time after `now`: later ones could never be told from it.
    """
    async with conn.transaction() if statement.rows() <= BATCH else nullcontext():
        async with conn.transaction():
            to = await enter(conn, statement, server, rule, login)
            refuse_future(to.account(statement), now or datetime.now(UTC))
        return await load_rows(conn, statement, to, server, progress)


async def load_rows(
    conn: Connection, statement: Statement, to: Translator, server: str, progress: Callable[[int], None]
) -> Summary:
    """Load the history batch by batch, then the present, and say what became of all."""
    tally = Tally()
    for batch in history(statement, to):
        async with conn.transaction():
            await accounts.lock(conn, to.login)
            await load_batch(conn, batch, to.login, tally)
        progress(len(batch))
    async with conn.transaction():
        await accounts.lock(conn, to.login)
        current = await load_present(conn, statement, to, tally)
        await telling.tell(conn, statement, server, to.account(statement).as_of)
        reconciliation = await reconcile(conn, to)
    progress(len(statement.opened) + len(working(statement)))
    return Summary(
        login=to.login,
        currency=statement.currency,
        read=statement.rows(),
        current=current,
        reconciliation=reconciliation,
        contradictions=statement.contradictions,
        **structs.asdict(tally),
    )


def refuse_future(reported: Account, now: datetime) -> None:
    """Refuse a report of more than a day ahead."""
    if reported.as_of > now + timedelta(days=1):
        raise Unreadable(f"It is of {reported.as_of:%Y-%m-%d %H:%M} UTC, which is yet to come.")


async def enter(
    conn: Connection, statement: Statement, server: str, rule: str | None, login: Login | None
) -> Translator:
    """Find the account a statement belongs to, or open it, and return what translates its rows."""
    clock = await accounts.know_server(conn, server, rule)
    first, last = (clock.moment(wall).at for wall in (statement.first(), statement.as_of()))
    origin = await accounts.resolve(conn, server=server, number=statement.number, login=login, first=first, last=last)
    to = Translator(origin.login, clock)
    if (known := await accounts.account(conn, to.login)) is None:
        await open_account(conn, to.account(statement), origin)
    elif (known.currency, known.platform) != (statement.currency, statement.platform):
        ours, theirs = f"{known.platform} in {known.currency}", f"{statement.platform} in {statement.currency}"
        raise OtherAccount(f"Account {to.login} is {ours}, but the file is of {theirs}.")
    return to


async def open_account(conn: Connection, account: Account, origin: Origin) -> None:
    """Keep a new account and where it comes from, and tell of it."""
    await accounts.save(conn, account)
    await accounts.add_origin(conn, origin)
    await outbox.append(conn, account.login, "account.opened", server=origin.server, number=origin.number)


class Batch(Struct, frozen=True):
    """Rows of one table, and what saves them."""

    table: str
    rows: Sequence[Any]
    save: Callable[[Connection, Sequence[Any]], Awaitable[Upserted]]

    def __len__(self) -> int:
        return len(self.rows)

    def range(self) -> tuple[int, int]:
        """Return the smallest and the largest key of its rows, by which a reader of its event finds them."""
        keys = [row.deal if isinstance(row, Deal) else row.ticket for row in self.rows]
        return min(keys), max(keys)


def history(statement: Statement, to: Translator) -> Iterator[Batch]:
    """Give what will not change any more, in batches."""
    ended = [row for row in statement.orders if row.state != "working"]
    closed = sorted(statement.closings, key=lambda row: row.closed_at)  # a part after the trade that it comes from
    save_closed = partial(trades.save_closed, parts=statement.platform == "mt4")
    yield from batches("deals", [to.deal(row) for row in statement.deals], trades.save_deals)
    yield from batches("closed_trades", [to.closed(row) for row in closed], save_closed)
    yield from batches("orders", [to.order(row) for row in ended], trades.save_orders)
    yield from batches("movements", [to.movement(row) for row in statement.moves], ledger.save)


def batches(
    table: str, rows: Sequence[Any], save: Callable[[Connection, Sequence[Any]], Awaitable[Upserted]]
) -> Iterator[Batch]:
    """Cut rows into batches."""
    for start in range(0, len(rows), BATCH):
        yield Batch(table, rows[start : start + BATCH], save)


async def load_batch(conn: Connection, batch: Batch, login: Login, tally: Tally) -> None:
    """Save a batch and, if that changed anything, tell of it."""
    upserted = await batch.save(conn, batch.rows)
    tally.add(upserted.new, upserted.changed)
    if upserted:
        first, last = batch.range()
        kind = "movements.loaded" if batch.table == "movements" else "trades.loaded"
        body = {"table": batch.table, "rows": len(batch), "first": first, "last": last, **structs.asdict(upserted)}
        await outbox.append(conn, login, kind, **body)


async def load_present(conn: Connection, statement: Statement, to: Translator, tally: Tally) -> bool:
    """Save balance, open trades and working orders, unless later ones are known; say whether this is the present."""
    reported = to.account(statement)
    known = await accounts.account(conn, to.login)
    if known is None or known.as_of > reported.as_of:
        return False
    before = structs.astuple(tally)
    for batch in (
        *batches("open_trades", [to.opened(row) for row in statement.opened], trades.save_open),
        *batches("orders", [to.order(row) for row in working(statement)], trades.save_orders),
    ):
        upserted = await batch.save(conn, batch.rows)
        tally.add(upserted.new, upserted.changed)
    positions, waiting = [row.position for row in statement.opened], [row.order for row in working(statement)]
    tally.gone += await trades.keep_only(conn, to.login, positions=positions, working=waiting)
    saved = await accounts.save(conn, structs.replace(reported, complete=known.complete))
    if saved or structs.astuple(tally) != before:
        for stated in await staged.restate(conn, [to.login]):
            _, kind, body = account_changed(stated)
            await outbox.append(conn, to.login, kind, **body)
    return True


async def reconcile(conn: Connection, to: Translator) -> Reconciliation:
    """Say how the account's balance comes about, and keep whether its rows explain it."""
    account = await accounts.existing(conn, to.login)
    starts = [await trades.first(conn, to.login), await ledger.first(conn, to.login)]
    since = to.clock.at(min((start for start in starts if start), default=account.as_of))
    results = await trades.results(conn, to.login)
    found = await ledger.reconcile(conn, to.login, balance=account.balance, results=results, since=since)
    await accounts.mark(conn, to.login, complete=found.complete)
    return found


def working(statement: Statement) -> list[Any]:
    """Return the orders that still work."""
    return [row for row in statement.orders if row.state == "working"]
