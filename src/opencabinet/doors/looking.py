"""Who looks through a stranger's eyes: they see nothing that they may not read themselves."""

from opencabinet import access
from opencabinet.access import AccessDenied, Ask, Decision, Ground, Kind
from opencabinet.db import Connection, Pool
from opencabinet.doors import caller, spending
from opencabinet.doors.caller import Looker, Proposed
from opencabinet.doors.telling import tell
from opencabinet.kernel.problem import Throttled


async def judged(pool: Pool, look: Proposed, ask: Ask, shown: str | None, kind: Kind) -> Decision:
    """Judge a stranger under the policy that is looked at, and whoever looks under the one that is set.

    Raises:
        AccessDenied: if a stranger would be given what whoever looks may not read, or another account is asked for.
    """
    if look.login != ask.login:
        raise AccessDenied("only the account whose policy is proposed can be looked at", Ground.NOTHING_SHOWN)
    async with pool.lend() as conn:
        decision = await access.permit(conn, shown, ask, kind, look.policy)
        if decision.granted is None or look.looker is None:
            return decision
        own, by = await judged_looker(conn, look.looker, ask, decision)
    await tell(look.looker.connection, own, ask, by)
    if own.granted is None:
        rule = f"You can look only at what you may read yourself: {own.rule}. Let yourself read it first."
        raise look.looker.refuse(AccessDenied(rule, Ground.RULE))
    return decision


def spend(look: Proposed, cost: int) -> None:
    """Let whoever looks spend what it costs to be answered so, and of nobody else's budget.

    Raises:
        Throttled: if nothing is left.
    """
    if look.looker:
        try:
            spending.spend_in_all(look.looker.connection, cost)
        except Throttled as throttled:
            look.looker.refuse(throttled)
            raise


async def judged_looker(conn: Connection, looker: Looker, ask: Ask, seen: Decision) -> tuple[Decision, str | None]:
    """Judge whoever looks, by their credential or else as anybody who sees as much; and say what it was judged by."""
    own = caller.asked(looker.connection, ask.login, ask.function)
    decision = await access.permit(conn, looker.shown, own, looker.kind)
    if decision.granted is None:
        anybody = await access.permit(conn, None, own)
        if anybody.granted is not None and (anybody.redaction.nothing or anybody.redaction == seen.redaction):
            return anybody, None
    return decision, looker.shown
