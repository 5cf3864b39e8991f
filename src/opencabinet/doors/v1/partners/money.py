"""What a partner is paid, and what they doubt."""

from typing import Annotated, Any, Literal, Self

from msgspec import Meta, Struct

from opencabinet.access import Function
from opencabinet.doors.gate import NoSuchPath
from opencabinet.doors.v1.operation import Call, read, write
from opencabinet.doors.v1.owned import Id, owned, spelled
from opencabinet.doors.v1.partners.explaining import seen
from opencabinet.doors.v1.partners.listing import Paged, below, info
from opencabinet.doors.v1.query import CURSOR, LIMIT
from opencabinet.doors.v1.words import Currency, Figure, Time, figure, time, time_or_none
from opencabinet.partners import results, rewards
from opencabinet.partners.rewards.disputes.actions import LONGEST_TEXT


class Settlement(Struct, frozen=True, kw_only=True):
    """Rewards that were approved, of trades that closed before `until`: accrued + carried_in = amount + carried_out.

    The amount is rounded once, half to even, to what the currency is paid in; the rest is carried on. `reference` is
    what it was paid under.
    """

    id: Id
    until: Time
    currency: Currency
    lines: int
    accrued: Figure
    carried_in: Figure
    amount: Figure
    carried_out: Figure
    settled_at: Time
    state: Literal["payable", "paid"]
    paid_at: Time | None
    reference: str | None

    @classmethod
    def of(cls, it: rewards.Settlement) -> Self:
        """Say a settlement."""
        return cls(
            id=spelled("stl", it.login, it.id),
            until=time(it.until),
            currency=it.currency,
            lines=it.lines,
            accrued=figure(it.accrued),
            carried_in=figure(it.carried_in),
            amount=figure(it.amount),
            carried_out=figure(it.carried_out),
            settled_at=time(it.settled_at),
            state=it.state,
            paid_at=time_or_none(it.paid_at),
            reference=it.reference or None,
        )


@read(
    "/partners/{login}/payouts",
    tag="partners",
    need=Function.PAYOUTS,
    answer=Paged[Settlement],
    parameters=(CURSOR, LIMIT),
)
async def list_payouts(call: Call) -> Paged[Settlement]:
    """List what was settled and paid, the newest first."""
    limit = call.query["limit"]
    found = list(await rewards.settlements(call.conn, call.login, below=below(call), limit=limit + 1))
    rows = found[:limit]
    return Paged(data=list(map(Settlement.of, rows)), page=info(call, found, rows[-1].id if rows else None))


class DisputeRequest(Struct, frozen=True, forbid_unknown_fields=True):
    """What is wrong with a reward."""

    text: Annotated[
        str, Meta(min_length=1, max_length=LONGEST_TEXT, examples=["The trade was two lots, not one: see our report."])
    ]


class Dispute(Struct, frozen=True, kw_only=True):
    """A reward that is doubted. It is not settled until the operator has decided, or the deadline has passed."""

    id: Id
    reward: Id
    text: str
    opened_at: Time
    deadline: Time
    state: Literal["open", "upheld", "rejected", "withdrawn", "lapsed"]
    ended_at: Time | None
    note: str

    @classmethod
    def of(cls, it: rewards.Dispute) -> Self:
        """Say a dispute."""
        return cls(
            id=spelled("dsp", it.login, it.id),
            reward=spelled("rwd", it.login, it.reward),
            text=it.text,
            opened_at=time(it.opened_at),
            deadline=time(it.deadline),
            state=it.state,
            ended_at=time_or_none(it.ended_at),
            note=it.note,
        )


class DisputeShown(Struct, frozen=True, kw_only=True):
    """A dispute, with the explanation of its reward as it was when it was opened."""

    dispute: Dispute
    explanation: dict[str, Any]


@read(
    "/partners/{login}/disputes",
    tag="partners",
    need=Function.PAYOUTS,
    answer=Paged[Dispute],
    parameters=(CURSOR, LIMIT),
)
async def list_disputes(call: Call) -> Paged[Dispute]:
    """List what was doubted, the newest first, with what was decided."""
    limit = call.query["limit"]
    found = list(await rewards.disputes(call.conn, call.login, below=below(call), limit=limit + 1))
    rows = found[:limit]
    return Paged(data=list(map(Dispute.of, rows)), page=info(call, found, rows[-1].id if rows else None))


@read("/partners/{login}/disputes/{id}", tag="partners", need=Function.PAYOUTS, answer=DisputeShown)
async def show_dispute(call: Call) -> DisputeShown:
    """Show a dispute, with the explanation as it was when it was opened, whatever was worked out since."""
    number = owned(call, "dsp")
    async with call.conn.snapshot():
        found = await rewards.disputes(call.conn, call.login, below=number + 1, limit=1)
        if not found or found[0].id != number:
            raise NoSuchPath("There is no such id here.")
        return await shown(call, found[0])


@write(
    "POST",
    "/partners/{login}/rewards/{id}/disputes",
    tag="partners",
    need=Function.PAYOUTS,
    answer=DisputeShown,
    body=DisputeRequest,
    status=201,
    fresh=False,
    refusals=(409,),
    once=True,
)
async def dispute_reward(call: Call, asked: DisputeRequest) -> DisputeShown:
    """Doubt a reward: it is not settled until the operator has decided, within 30 days.

    Its explanation is kept as it is now. One that was settled before is paid with its settlement. What is paid or
    reversed, or doubted already, cannot be doubted; at most 500 are doubted at once.
    """
    return await shown(call, await rewards.dispute(call.conn, call.login, owned(call, "rwd"), asked.text))


async def shown(call: Call, it: rewards.Dispute) -> DisputeShown:
    """Return a dispute with as much of its explanation as the account may see."""
    reward = (await rewards.explained(call.conn, call.login, it.reward)).reward
    named = reward.client == reward.login or reward.client in await results.named(
        call.conn, call.login, [reward.client]
    )
    return DisputeShown(dispute=Dispute.of(it), explanation=seen(it.explanation, reward, named=named))
