"""Settling a batch: whose each staged row is and where it was kept, then every room keeps its own, then it is told."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, Final

from opencabinet import accounts
from opencabinet.accounts import staged as told_accounts
from opencabinet.accounts.staged import Numbered
from opencabinet.db import Connection, outbox
from opencabinet.ingest.feeds import store, telling
from opencabinet.ingest.feeds.adding import add
from opencabinet.ingest.feeds.fresh import Kept
from opencabinet.ingest.feeds.model import Applied, Batch
from opencabinet.ingest.feeds.parked import store as parked
from opencabinet.ingest.feeds.placing import store as placing
from opencabinet.ingest.feeds.rebuilding import rebuild
from opencabinet.ingest.feeds.reconciling import settle_balances
from opencabinet.ingest.feeds.staging import store as staging
from opencabinet.ingest.feeds.summing import store as summing
from opencabinet.ingest.feeds.summing.store import Saved
from opencabinet.kernel.ids import Login
from opencabinet.ledger import staged as told_movements
from opencabinet.trades import staged as told_trades

LARGE: Final = 2_000
"""Rows from which on the planner is to look how many there are."""


READERS: Final[dict[str, Callable[[Connection], Awaitable[Sequence[Any]]]]] = {
    "movement": told_movements.saved,
    "order": told_trades.ordered,
    "open": told_trades.opened,
    "closed": told_trades.closed,
}
"""What tells of the rows of each place, in the order of their events."""


class Settling:
    """A batch on its way into the rooms; what it does is told in the order of `run`."""

    def __init__(self, conn: Connection, batch: Batch, kept: Sequence[Kept] = ()) -> None:
        self.conn = conn
        self.batch = batch
        self.server = batch.server
        self.opened: list[Numbered] = []
        self.dropped: list[Any] = []
        self.removed: list[Numbered] = []
        self.parked = 0
        self.kept = kept

    async def run(self) -> Applied:
        """Settle it, and say what became of it."""
        rows = await staging.counts(self.conn)
        if not any(rows.values()) and not self.batch.whole and not self.kept:
            await store.reached(self.conn, self.server, self.batch.cursor, self.batch.as_of, 0)
            return Applied()
        await self.suit(rows)
        if self.batch.first:
            if added := await add(self.conn, self.batch, rows):
                return added
            await store.lock(self.conn, self.server)
        await store.once_each(self.conn, rows)
        await self.find_accounts(rows)
        rows_kept = await self.find_owners(rows)
        touched = await self.find_places(rows_kept)
        await told_accounts.lock(self.conn, touched)
        await self.save_rows(rows_kept)
        await self.save_accounts(rows)
        return await self.conclude(rows)

    async def suit(self, rows: dict[str, int]) -> None:
        """Let plans suit how much is staged."""
        await store.suit(self.conn, large=max(rows.values()) >= LARGE)

    async def find_accounts(self, rows: dict[str, int]) -> None:
        """Give the accounts that are told their logins, and open those that are new."""
        if not rows["staged_accounts"]:
            return
        await told_accounts.recognise(self.conn, self.server)
        if await told_accounts.unknown(self.conn):
            await accounts.lock_origins(self.conn)
            await told_accounts.recognise(self.conn, self.server)
            self.opened = await told_accounts.open_new(self.conn, self.server)

    async def find_owners(self, rows: dict[str, int]) -> dict[str, int]:
        """Give every row its login; those of accounts we do not know wait for them. Return how many are left."""
        await parked.forget_whole(self.conn, self.server, self.batch.whole)
        if rows["staged_gone"]:
            await parked.forget(self.conn, self.server)
        if self.opened and await parked.take(self.conn, self.server, self.logins_opened()):
            rows = await staging.counts(self.conn)
        await store.own(self.conn, self.server, rows)
        self.parked = await parked.park(self.conn, self.server)
        return await staging.counts(self.conn) if self.parked else rows

    async def find_places(self, rows: dict[str, int]) -> list[Login]:
        """Find out where rows were kept until now, and return the accounts that the batch tells of."""
        if rows["staged_closed"] or rows["staged_open"]:
            await told_trades.join_parts(self.conn)
        await placing.once(self.conn, rows)
        await placing.place(self.conn, self.server, rows, self.batch.whole)
        await parked.forget(self.conn, self.server)
        return await placing.touch(self.conn, self.logins_opened())

    async def save_rows(self, rows: dict[str, int]) -> None:
        """Let the rooms drop what is no more where it was, and keep what is staged."""
        conn, left = self.conn, await placing.any_left(self.conn)
        if left:
            self.dropped += await told_movements.drop(conn)
            self.dropped += await told_trades.drop_closed(conn)
            self.dropped += await told_trades.drop_orders(conn)
            await told_trades.drop_deals(conn)
        if rows["staged_deals"]:
            await told_trades.save_deals(conn)
        if rows["staged_deals"] or left:
            await rebuild(conn)
            self.dropped += await told_trades.drop_unmade(conn)
        if rows["staged_closed"] or rows["staged_deals"] or left:
            await told_trades.save_closed(conn)
        if rows["staged_closed"]:
            await told_trades.join_known_parts(conn)
        if left:
            self.dropped += await told_trades.drop_open(conn)
        if rows["staged_open"]:
            await told_trades.save_open(conn, self.batch.as_of)
        if rows["staged_orders"]:
            await told_trades.save_orders(conn)
        if rows["staged_movements"] or rows["staged_deals"]:
            await told_movements.save(conn)
        await placing.keep(conn, self.server)

    async def save_accounts(self, rows: dict[str, int]) -> None:
        """Keep what is told of accounts themselves."""
        if rows["staged_accounts"]:
            await told_accounts.keep_told(self.conn)
            await told_accounts.join_groups(self.conn)
        if rows["staged_gone"]:
            self.removed = await told_accounts.gone(self.conn, self.server)

    async def conclude(self, rows: dict[str, int]) -> Applied:
        """Bring balances and times up to the rows, write the events, and keep how far the feed has come."""
        saved = [*await summing.saved(self.conn), *(it.saved for it in self.kept)]
        saved.sort(key=lambda it: (it.place, it.login))
        left = await placing.left(self.conn)
        changed = sorted(
            {it.login for it in saved} | {it.login for it in self.dropped} | {*left, *self.logins_opened()}
        )
        await self.advance(changed)
        summed = [] if self.batch.reconciled_later else await settle_balances(self.conn, changed)
        events = [
            *self.named("account.opened", self.opened),
            *await self.events(saved),
            *await self.changes(summed),
            *self.named("account.removed", self.removed),
        ]
        await outbox.append_all(self.conn, events)
        told = sum(rows.values()) + sum(it.rows for it in self.kept)
        await store.reached(self.conn, self.server, self.batch.cursor, self.batch.as_of, told)
        counted = [it for it in saved if it.place not in derived(rows)]
        new = sum(it.new for it in counted) + len(self.opened)
        return Applied(
            rows=told,
            new=new,
            changed=sum(it.rows for it in counted) - sum(it.new for it in counted),
            gone=len(left),
            parked=self.parked,
            accounts=len(changed),
        )

    async def advance(self, changed: Sequence[Login]) -> None:
        """Let accounts be as of the newest that is told of them."""
        times = {it.login: it.at for it in self.kept}
        for it in await summing.times(self.conn):
            times[it.login] = max(it.at, times.get(it.login, it.at))
        if self.batch.as_of:
            times = {login: max(times.get(login, self.batch.as_of), self.batch.as_of) for login in changed}
        clock = await accounts.know_server(self.conn, self.server, None)
        moments = {login: clock.at(times[login]) for login in changed if login in times}
        ats, offsets = [it.at for it in moments.values()], [it.offset for it in moments.values()]
        await told_accounts.advance(self.conn, [*moments], ats, offsets)

    async def events(self, saved: Sequence[Saved]) -> list[telling.Event]:
        """Return the events of rows: of a bulk load one for each account and table."""
        told = [*telling.events(self.dropped)]
        if self.batch.bulk:
            return [*told, *telling.loaded(saved)]
        places = {it.place for it in saved}
        for place, read in READERS.items():
            if place in places:
                told += telling.events(await read(self.conn))
        return told

    async def changes(self, summed: Sequence[Login]) -> list[telling.Event]:
        """Return the events of accounts that are worth or called something else now."""
        changed = {*summed, *await summing.changed_accounts(self.conn)} - {*self.logins_opened()}
        stated = await told_accounts.restate(self.conn, sorted(changed)) if changed else []
        return [telling.account_changed(it) for it in stated]

    def named(self, kind: str, accounts_: Sequence[Numbered]) -> list[telling.Event]:
        """Return an event for each account, which names it as its server does."""
        return [(it.login, kind, {"server": self.server, "number": it.number}) for it in accounts_]

    def logins_opened(self) -> list[Login]:
        """Return the accounts that this batch has opened."""
        return [it.login for it in self.opened]


def derived(rows: Mapping[str, int]) -> frozenset[str]:
    """Return the places whose rows follow from deals that are counted already."""
    return frozenset({"closed", "movement"} if rows["staged_deals"] else ())
