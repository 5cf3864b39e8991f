"""The SQL of accounts at a glance: what other rooms read of one account, of many and as of one moment."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Final, LiteralString

import msgspec

from opencabinet.balances import Ends, Standing
from opencabinet.balances.store import ENDS, STANDING
from opencabinet.db import Connection, squeezed
from opencabinet.kernel.ids import Login
from opencabinet.ledger import Total
from opencabinet.ledger.store import TOTALS
from opencabinet.summaries.model import Sums
from opencabinet.trades import Totals
from opencabinet.trades.store import CLOSED_TOTALS
from opencabinet.valuations import ALL
from opencabinet.valuations.reading import store as reading

COSTS = """
SELECT coalesce(sum(amount), 0) FROM daily_costs WHERE login = %(login)s
"""


def each(statement: LiteralString) -> LiteralString:
    """Return a statement about one account as a part of one about many."""
    return statement.replace("%(login)s", "asked.login")


SUMS = squeezed(
    reading.many(f""",
       (SELECT row_to_json(sums)::text FROM ({each(CLOSED_TOTALS)}) AS sums) AS closed,
       (SELECT json_agg(kinds)::text FROM ({each(TOTALS)}) AS kinds) AS moved,
       (SELECT row_to_json(ends)::text FROM ({each(ENDS)}) AS ends) AS ends,
       (SELECT row_to_json(standing)::text FROM ({each(STANDING)}) AS standing) AS standing,
       ({each(COSTS)}) AS costs
""")  # noqa: S608 - texts of ours
)
CLOSED: Final = msgspec.json.Decoder(Totals)
OF_ENDS: Final = msgspec.json.Decoder(Ends)
OF_STANDING: Final = msgspec.json.Decoder(Standing)


class Found(reading.Found, frozen=True):
    """What the statement gives of a login: rows as JSON, which keeps their figures as they are; None for none."""

    closed: str
    moved: str | None
    ends: str
    standing: str
    costs: Decimal


async def sums(conn: Connection, _: None, logins: Sequence[Login]) -> list[Sums | None]:
    """Return what there is to sum up of each account, None for each that there is not."""
    told = await conn.fetch(Found, SUMS, logins=",".join(map(str, logins)), **reading.given(ALL))
    found = {row.login: row for row in told}
    return [said(found[login]) if login in found else None for login in logins]


def said(found: Found) -> Sums:
    """Return what a row says."""
    return Sums(
        read=reading.said(found),
        closed=CLOSED.decode(found.closed),
        moved=reading.rows(found.moved, Total),
        costs=found.costs,
        ends=OF_ENDS.decode(found.ends),
        standing=OF_STANDING.decode(found.standing),
    )
