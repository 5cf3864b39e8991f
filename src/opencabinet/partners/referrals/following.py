"""Following accounts that are opened, and applications that are tied to them, to decide whose clients they are."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

import structlog

from opencabinet.db import Connection, outbox
from opencabinet.db.outbox import Event
from opencabinet.kernel.ids import Login
from opencabinet.partners.referrals import store
from opencabinet.partners.referrals.actions import attribute
from opencabinet.partners.referrals.model import Entry, Rules

FOLLOWER: Final = "referrals"
AT_ONCE: Final = 1_000
IDLE_SECONDS: Final = 1.0
STATEMENT_SECONDS: Final = 30.0
TOLD_OF_AGENTS: Final = frozenset({"account.opened", "account.changed"})
"""Events with which a server may have told who brought an account."""
log = structlog.get_logger(__name__)


class Following:
    """Decides whose clients accounts are, as they come."""

    def __init__(self, rules: Rules) -> None:
        self.rules = rules

    async def work(self, url: str, role: str) -> None:
        """Follow until cancelled."""
        conn = await Connection.open(url, role=role, statement_seconds=STATEMENT_SECONDS)
        try:
            await outbox.listen(conn)
            while True:
                if await self.step(conn) is None:
                    await outbox.news(conn, IDLE_SECONDS)
        finally:
            await conn.close()

    async def step(self, conn: Connection) -> int | None:
        """Decide on the next events, and keep how far we are; return how many decisions, None if there were no events.

        Each decision is a transaction of its own, so that no account waits for another; what is read a second time is
        not decided again.
        """
        events = await outbox.after(conn, await outbox.place(conn, FOLLOWER), AT_ONCE)
        if not events:
            return None
        decided = [await self.decide(conn, login, at) for login, at in (await self.telling(conn, events)).items()]
        await outbox.reached(conn, FOLLOWER, events[-1].place)
        return sum(each is not None for each in decided)

    async def decide(self, conn: Connection, client: Login, at: datetime) -> Entry | None:
        """Decide whose client an account is that something was told of at a moment."""
        entry = await attribute(conn, client, at, self.rules)
        if entry is not None:
            log.info("referral", login=entry.client, decision=entry.verdict, reason=entry.reason, entry=entry.id)
        return entry

    async def telling(self, conn: Connection, events: Sequence[Event]) -> dict[Login, datetime]:
        """Return the accounts that there is something to decide on after these events, and since when."""
        found = {each.login: each.at for each in events if each.kind == "application.opened"}
        if self.rules.agents_count:
            changed = {each.login: each.at for each in events if each.kind in TOLD_OF_AGENTS}
            found |= {login: changed[login] for login in await store.undecided(conn, changed)}
            for event in events:
                if event.kind == "partner.enrolled":
                    found |= dict.fromkeys(await self.brought(conn, event.login), event.at)
        return found

    async def brought(self, conn: Connection, partner: Login) -> list[Login]:
        """Return the accounts that were brought by somebody who has become a partner now."""
        found: list[Login] = []
        after = 0
        while some := await store.brought(conn, partner, after=after, limit=AT_ONCE):
            found += await store.undecided(conn, some)
            after = some[-1]
        return found
