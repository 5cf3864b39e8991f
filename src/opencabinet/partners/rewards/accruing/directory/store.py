"""The SQL of rules: what tells whether they changed, and who is paid in what."""

from collections.abc import Mapping

import msgspec

from opencabinet.db import Connection
from opencabinet.kernel.ids import Login
from opencabinet.partners.plans import Plan
from opencabinet.partners.rewards.accruing.model import Epoch
from opencabinet.partners.rewards.accruing.store import rows

# Nobody changes nor removes rows of all but the first: as many rows are the same rows. Of the first, the sum of when
# each was changed is another whichever was, even by who had begun before another and ends after.
EPOCH = """
SELECT count(*) AS partners, coalesce(sum(extract(epoch FROM changed_at)), 0) AS changes,
       (SELECT count(*) FROM partner_parents) AS parents,
       (SELECT count(*) FROM partner_plans) AS plans, (SELECT count(*) FROM plans) AS versions,
       (SELECT count(*) FROM recalculations) AS recalculations,
       (SELECT coalesce(max(id), 0) FROM reversals) AS reversals
  FROM partners
"""

CURRENCIES = """
SELECT login, currency FROM partners JOIN accounts USING (login)
"""

INACTIVE = """
SELECT login FROM partners WHERE state <> 'active'
"""

RECALCULATED = """
SELECT id, plans::text AS plans FROM recalculations ORDER BY id
"""

PLANS = msgspec.json.Decoder(tuple[Plan, ...])


async def epoch(conn: Connection) -> Epoch:
    """Return what tells whether rules have changed."""
    [found] = await conn.fetch(Epoch, EPOCH)
    return found


async def currencies(conn: Connection) -> dict[Login, str]:
    """Return in which currency each partner is paid: their account's."""
    return dict(await rows(conn, CURRENCIES))


async def inactive(conn: Connection) -> set[Login]:
    """Return the partners who are suspended or have left."""
    return set(await conn.values(INACTIVE))


async def recalculated(conn: Connection) -> Mapping[int, Mapping[str, Plan]]:
    """Return the plans by which months were paid anew, by number and name."""
    found = await rows(conn, RECALCULATED)
    return {number: {plan.name: plan for plan in PLANS.decode(text)} for number, text in found}
