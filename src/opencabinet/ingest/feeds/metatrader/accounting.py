"""What a look finds of accounts: those whose rows are new, those with a new stamp, all of them from time to time."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from opencabinet.ingest.feeds.metatrader import queries
from opencabinet.ingest.feeds.metatrader.heartbeats import filetime
from opencabinet.ingest.feeds.metatrader.memory import UNKNOWN, Look

if TYPE_CHECKING:
    from opencabinet.ingest.feeds.metatrader.follow import Follower

NUMBERS_AT_ONCE: Final = 500
FEW: Final = 10
"""So many accounts may be deleted at once; more are believed to be gone only after a while."""
SECOND: Final = 1_000_000_000


async def look_at_accounts(follower: "Follower", found: Look, numbers: set[int], *, whole: bool) -> None:
    """Take accounts that have changed; what moves with prices counts only if all are read, or their rows are new."""
    plan = follower.plan.accounts
    if whole:
        await look_at_groups(follower, found)
        lines = await follower.reader.lines(plan.whole())
        take(follower, found, lines, whole=True)
        miss(follower, found, {int(line[: line.index("\t")]) for line in lines})
        return
    if plan.stamp:
        since = follower.cursor.get("accounts", 0)
        question = queries.whole(plan.table, plan.row, queries.since(plan.stamp, since, plan.prefix), plan.joined)
        take(follower, found, await follower.reader.lines(question), whole=False)
    wanted = sorted(numbers)
    for begin in range(0, len(wanted), NUMBERS_AT_ONCE):
        lines = await follower.reader.lines(plan.among(wanted[begin : begin + NUMBERS_AT_ONCE]))
        take(follower, found, lines, whole=True)


def take(follower: "Follower", found: Look, lines: Iterable[str], *, whole: bool) -> None:
    """Take the lines that are new."""
    known, floating = follower.memory.accounts, follower.plan.accounts.floating
    stamp = found.cursor.get("accounts", 0)
    for line in lines:
        first, second, _ = line.split("\t", 2)
        steady, all_of_it = hash(line.rsplit("\t", floating)[0]), hash(line)
        before = known.get(int(first), UNKNOWN)
        if int(first) not in known:
            found.arrived.add(int(first))
        if before[0] != steady or (whole and before[1] != all_of_it):
            known[int(first)] = (steady, all_of_it)
            found.accounts[int(first)] = line
            if follower.feed.kind == "mt5" and (moment := filetime(int(second))):
                follower.reached(moment)
        stamp = max(stamp, int(second))
    found.cursor["accounts"] = stamp


def miss(follower: "Follower", found: Look, there: set[int]) -> None:
    """Let accounts be gone that their server has no more; of very many at once it is seen first whether they return."""
    absent = follower.memory.accounts.keys() - there
    missing, now = follower.memory.missing, follower.ticks()
    many = len(absent) > max(FEW, len(there))
    for number in absent:
        since = missing.setdefault(("account", number), now)
        if not many and now - since >= follower.feed.overlap_seconds * SECOND:
            found.vanish("account", number)
            del follower.memory.accounts[number]
            del missing["account", number]


async def look_at_groups(follower: "Follower", found: Look) -> None:
    """Take the groups if one has changed, and all accounts anew then: their currency is the group's."""
    if not follower.plan.groups:
        return
    lines = await follower.reader.lines(follower.plan.groups)
    if follower.memory.lines.get("groups") != frozenset(lines):
        follower.memory.lines["groups"] = frozenset(lines)
        found.groups = lines
        follower.memory.accounts = dict.fromkeys(follower.memory.accounts, UNKNOWN)
