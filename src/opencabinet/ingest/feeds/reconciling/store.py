"""The SQL of what accounts are worth, and what their rows add up to."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from msgspec import Struct

from opencabinet.db import Connection
from opencabinet.kernel.ids import Login
from opencabinet.ledger import CREDIT
from opencabinet.ledger.model import OPENING

# Of trades the roll-ups are read, which an account has few of.
EXPLAINED = """
SELECT known.login, balance, summed, coalesce(moved, 0) AS moved, coalesce(credited, 0) AS credited,
       coalesce(traded, 0) + coalesce(cost, 0) AS results,
       coalesce(least(first_move, first_trade, first_cost), as_of) AS since, coalesce(clock, 'UTC') AS clock
  FROM accounts AS known
  LEFT JOIN sources USING (login)
  LEFT JOIN servers ON servers.name = sources.server
  LEFT JOIN LATERAL (SELECT sum(amount) FILTER (WHERE kind <> ALL (%(credit)s)) AS moved,
                            sum(amount) FILTER (WHERE kind = ANY (%(credit)s)) AS credited, min(moved_at) AS first_move
                       FROM movements WHERE movements.login = known.login AND ticket <> %(opening)s) AS movements
    ON true
  LEFT JOIN LATERAL (SELECT sum(profit + swap + commission + fee) AS traded, min(first_at) AS first_trade
                       FROM daily_lots WHERE daily_lots.login = known.login) AS lots ON true
  LEFT JOIN LATERAL (SELECT sum(amount) AS cost, min(first_at) AS first_cost
                       FROM daily_costs WHERE daily_costs.login = known.login) AS costs ON true
 WHERE known.login = ANY (%(logins)s)
 ORDER BY known.login
"""


class Explained(Struct, frozen=True):
    """What an account is worth, and what its rows add up to; `summed` is one whose server does not tell its balance."""

    login: Login
    balance: Decimal
    summed: bool
    moved: Decimal
    credited: Decimal
    results: Decimal
    since: datetime
    clock: str

    @property
    def opening(self) -> Decimal:
        """What the rows do not explain of the balance."""
        return Decimal(0) if self.summed else self.balance - self.moved - self.results


async def explained(conn: Connection, logins: Sequence[Login]) -> list[Explained]:
    """Return what the rows of accounts add up to, by login."""
    return await conn.fetch(Explained, EXPLAINED, logins=list(logins), credit=sorted(CREDIT), opening=OPENING)
