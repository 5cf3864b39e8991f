"""What would be read of a server, and what speaks against it; nothing is written, on either side."""

from msgspec import Struct

from opencabinet.ingest.feeds.metatrader.follow import Follower
from opencabinet.ingest.feeds.metatrader.model import Feed
from opencabinet.ingest.feeds.metatrader.plan import Standing
from opencabinet.ingest.feeds.metatrader.pricing import doubt_at_first
from opencabinet.ingest.feeds.metatrader.rights import rights
from opencabinet.kernel.problem import Problem


class Checked(Struct, frozen=True, kw_only=True):
    """What is found of a server: its clock, its tables with how they are followed, and doubts."""

    server: str
    address: str
    clock: str
    tables: list[tuple[str, str]]
    doubts: list[str]


async def check(feed: Feed) -> Checked:
    """Look at what would be read of a server."""
    follower = Follower(feed)
    try:
        await follower.connect()
        plan, doubts = follower.plan, await rights(follower.reader)
        await doubt_at_first(follower)
        tables = [(source.table.name, followed_by(source.stamp is not None)) for source in plan.sources]
        tables += [(standing.table.name, read_whole(standing)) for standing in plan.standing]
        tables.append((plan.accounts.table.name, followed_by(plan.accounts.stamp is not None)))
        doubts += [
            f"{source.table.name} has no index on its stamps: what is changed is found by the sweep alone."
            for source in plan.sources
            if source.stamp is None
        ]
        return Checked(
            server=feed.server, address=str(feed.address), clock=follower.clock.rule, tables=tables, doubts=doubts
        )
    except Problem as problem:
        return Checked(server=feed.server, address=str(feed.address), clock="", tables=[], doubts=[problem.detail])
    finally:
        await follower.forget()


def read_whole(standing: Standing) -> str:
    """Return how a table is read that is so, or that part of it which is."""
    return "open trades and working orders are read whole at each look" if standing.where else "read whole at each look"


def followed_by(stamped: bool) -> str:  # noqa: FBT001 - said by its only argument
    """Return how a table is followed."""
    return "by its stamps and keys" if stamped else "by its keys"
