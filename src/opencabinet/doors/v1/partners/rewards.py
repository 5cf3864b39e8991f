"""What a partner was given for trades of their clients, line by line, and why."""

from collections.abc import Collection
from decimal import Decimal
from typing import Any, Final, Generic, Literal, Self, TypeVar

from msgspec import Struct

from opencabinet import accounts
from opencabinet.access import Function
from opencabinet.doors import caller
from opencabinet.doors.v1.listing import Interval, PageInfo
from opencabinet.doors.v1.operation import Call, read
from opencabinet.doors.v1.owned import Id, owned, spelled
from opencabinet.doors.v1.partners.explaining import seen
from opencabinet.doors.v1.query import LISTING
from opencabinet.doors.v1.words import Currency, Figure, Time, figure, time, time_or_none
from opencabinet.kernel.ids import Login
from opencabinet.kernel.page import Key
from opencabinet.partners import results, rewards

T = TypeVar("T")
OTHER_CURRENCY: Final = "Some lines are in another currency: they are in no sum."
WAITING: Final = (
    "Trades of your clients wait to be worked out, for a rate that is not known perhaps: they are not among the lines."
)
NOT_WHOLE: Final = "The lines given do not come to the difference of the totals."


class Reward(Struct, frozen=True, kw_only=True):
    """What was given for a trade, in the account's currency. More kinds may come.

    `kind` is `commission`, `rebate` (given to the client), `qualified` (once for a client) or `adjustment`. `level`
    counts from 0, the partner whose client it is. A correction is another line of a later `revision`, below zero where
    something is taken back. `client` is null unless the client lets the partner know the login, and while rewards are
    open to everybody; `ticket` is null where it was given for the client and no trade.
    """

    id: Id
    ticket: int | None
    client: int | None
    level: int
    kind: str
    amount: Figure
    currency: Currency
    state: Literal["accrued", "held", "approved", "payable", "paid", "reversed", "disputed"]
    closed_at: Time
    held_until: Time | None
    revision: int
    settlement: Id | None

    @classmethod
    def of(cls, reward: rewards.Reward, named: Collection[Login]) -> Self:
        """Say a reward."""
        known = reward.client in named or reward.client == reward.login
        return cls(
            id=spelled("rwd", reward.login, reward.id),
            ticket=reward.ticket if reward.ticket > 0 else None,
            client=reward.client if known else None,
            level=reward.level,
            kind=reward.kind,
            amount=figure(reward.amount),
            currency=reward.currency,
            state=reward.state,
            closed_at=time(reward.closed_at),
            held_until=time_or_none(reward.held_until),
            revision=reward.revision,
            settlement=None if reward.settlement is None else spelled("stl", reward.login, reward.settlement),
        )


class RewardReceipt(Struct, frozen=True, kw_only=True):
    """Shows that the lines are whole: opening_total + lines = closing_total.

    The totals are of all lines of the period, before the oldest and up to the newest of those given. The closing total
    of a page is the opening total of the page before, that of the first is all there is. What is `reversed` is in no
    sum. `complete` tells that the sum comes out and no trade of a client waits to be worked out, `reason` why not.
    """

    count: int
    first_id: Id | None
    last_id: Id | None
    opening_total: Figure
    lines: Figure
    closing_total: Figure
    currency: Currency
    complete: bool
    reason: str | None


class RewardListing(Struct, Generic[T], frozen=True, kw_only=True):
    """A page of rewards."""

    data: list[T]
    page: PageInfo
    period: Interval
    receipt: RewardReceipt
    as_of: Time


class RewardExplained(Struct, frozen=True, kw_only=True):
    """A reward, and how it was worked out.

    `why` is `closed`, or what made it be worked out again: `corrected`, `removed`, `reworked`, `recalculated`,
    `qualified`. `explanation` tells the trade, the rule and its version, the levels up to your own, rates, caps and
    rounding; of levels below it tells the figures that yours depend on, and not whose they are.
    """

    reward: Reward
    why: str
    worked_at: Time
    explanation: dict[str, Any]


@read(
    "/partners/{login}/rewards",
    tag="partners",
    need=Function.COMMISSIONS,
    answer=RewardListing[Reward],
    parameters=LISTING,
)
async def list_rewards(call: Call) -> RewardListing[Reward]:
    """List what was given for trades that closed within a period, newest first, with six decimals.

    The money is rounded once, when it is settled.
    """
    async with call.conn.snapshot():
        account = await accounts.existing(call.conn, call.login)
        page = await rewards.listed(call.conn, call.login, call.query.period, call.below, limit=call.query["limit"])
        named = await known(call, page.rows)
        receipt = await receipt_of(call, page.rows, account.currency)
    return RewardListing(
        data=[Reward.of(each, named) for each in page.rows],
        page=PageInfo(call.seal(page.next), page.next is not None, call.query["limit"]),
        period=Interval.of(call.query.period, "closed"),
        receipt=receipt,
        as_of=time(account.as_of),
    )


@read(
    "/partners/{login}/rewards/{id}/explain",
    tag="partners",
    need=Function.REFERRALS,
    answer=RewardExplained,
)
async def explain_reward(call: Call) -> RewardExplained:
    """Explain a reward: the trade, the rule and its version, the level, rates, caps and rounding.

    It tells of a client's trade, so it is never open.
    """
    async with call.conn.snapshot():
        found = await rewards.explained(call.conn, call.login, owned(call, "rwd"))
        named = await known(call, [found.reward])
    shown = Reward.of(found.reward, named)
    return RewardExplained(
        reward=shown,
        why=found.why,
        worked_at=time(found.worked_at),
        explanation=seen(found.explanation, found.reward, named=shown.client is not None),
    )


async def known(call: Call, rows: Collection[rewards.Reward]) -> set[Login]:
    """Return the clients of some rewards whose login may be told: they consented to the partner, not to everybody."""
    if caller.let(call.request).anybody:
        return set()
    return await results.named(call.conn, call.login, {each.client for each in rows})


async def receipt_of(call: Call, rows: Collection[rewards.Reward], currency: str) -> RewardReceipt:
    """Return what shows that rows are whole."""
    listed = list(rows)
    own = [each for each in listed if each.currency == currency]
    opening, closing, since = Decimal(0), Decimal(0), call.query.period.since
    if listed:
        newest, oldest = listed[0].key(), listed[-1].key()
        opening = await results.before(call.conn, call.login, currency, since, oldest)
        closing = await results.before(call.conn, call.login, currency, since, Key(newest.at, newest.id + 1))
    lines = sum((each.amount for each in own if each.state != "reversed"), Decimal(0))
    wrong = NOT_WHOLE if opening + lines != closing else None
    waiting = WAITING if await results.waits(call.conn, call.login) else None
    other = OTHER_CURRENCY if len(own) < len(listed) else None
    return RewardReceipt(
        count=len(listed),
        first_id=spelled("rwd", call.login, listed[0].id) if listed else None,
        last_id=spelled("rwd", call.login, listed[-1].id) if listed else None,
        opening_total=figure(opening),
        lines=figure(lines),
        closing_total=figure(closing),
        currency=currency,
        complete=not (wrong or waiting),
        reason=wrong or waiting or other,
    )
