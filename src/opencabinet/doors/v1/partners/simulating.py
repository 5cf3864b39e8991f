"""What a trade would bring a partner, before anybody makes it."""

from datetime import timedelta
from decimal import Decimal
from typing import Annotated, Any, Literal, Self

import msgspec
from msgspec import Meta, Struct

from opencabinet.access import Function
from opencabinet.doors.v1.operation import Call, write
from opencabinet.doors.v1.query import SPOKEN
from opencabinet.doors.v1.words import Currency, Figure, figure
from opencabinet.kernel import money
from opencabinet.kernel.ids import Login, Ticket
from opencabinet.partners import results
from opencabinet.partners.plans import Line, Traded
from opencabinet.partners.results import Tried

Above = Annotated[str, Meta(pattern=r"^[0-9]{1,12}(\.[0-9]{1,8})?$", description="A figure, not below zero.")]
Signed = Annotated[str, Meta(pattern=r"^-?[0-9]{1,12}(\.[0-9]{1,8})?$", description="A figure.")]


class Trial(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A trade of a client. Commission and swap are as the account sees them: below zero where the client pays.

    `level` is how many levels the client's own partner is below you: 0 if it is you. Those between are taken to have
    your plan. `month_lots` are those that closed before in the month, for plans with steps.
    """

    symbol: Annotated[str, Meta(min_length=1, max_length=32, pattern=SPOKEN, examples=["EURUSD"])]
    side: Literal["buy", "sell"] = "buy"
    lots: Above
    contract_size: Above | None = None
    digits: Annotated[int, Meta(ge=0, le=10)] = 5
    open_price: Above
    close_price: Above
    held_seconds: Annotated[int, Meta(ge=0, le=10**8)] = 3600
    profit: Signed = "0"
    commission: Signed = "0"
    swap: Signed = "0"
    fee: Signed = "0"
    currency: Annotated[str, Meta(pattern="^[A-Z]{3}$", examples=["USD"])] = "USD"
    group: Annotated[str, Meta(max_length=64, pattern=SPOKEN)] = ""
    level: Annotated[int, Meta(ge=0, le=9)] = 0
    month_lots: Above = "0"

    def traded(self, call: Call) -> Traded:
        """Return the trade as if it closed now."""
        return Traded(
            login=Login(0),
            ticket=Ticket(0),
            symbol=self.symbol,
            side=self.side,
            lots=money.figure(self.lots),
            contract_size=None if self.contract_size is None else money.figure(self.contract_size),
            digits=self.digits,
            opened_at=call.now - timedelta(seconds=self.held_seconds),
            closed_at=call.now,
            open_price=money.figure(self.open_price),
            close_price=money.figure(self.close_price),
            profit=money.figure(self.profit),
            commission=money.figure(self.commission),
            swap=money.figure(self.swap),
            fee=money.figure(self.fee),
            currency=self.currency,
            group=self.group,
        )


class TrialLine(Struct, frozen=True, kw_only=True):
    """What a level would be given: yours, that of a partner below you, or a rebate of the client's."""

    level: int
    whose: Literal["you", "sub_partner", "client"]
    kind: str
    amount: Figure
    currency: Currency

    @classmethod
    def of(cls, line: Line, own: Login) -> Self:
        """Say a line."""
        who = "you" if line.login == own else "client" if line.kind == "rebate" else "sub_partner"
        return cls(
            level=line.level,
            whose=who,  # type: ignore[arg-type]  # one of these words
            kind=line.kind,
            amount=figure(line.amount),
            currency=line.currency,
        )


class TrialResult(Struct, frozen=True, kw_only=True):
    """What a trade would bring by which version of your plan; `reason` says in a word why nothing."""

    plan: str
    version: int
    lines: list[TrialLine]
    reason: str | None
    explanation: dict[str, Any]

    @classmethod
    def of(cls, tried: Tried, own: Login) -> Self:
        """Say what was tried."""
        explanation: dict[str, Any] = msgspec.json.decode(tried.working.explanation)
        explanation.pop("checksum", None)
        return cls(
            plan=tried.version.plan.name,
            version=tried.version.version,
            lines=[TrialLine.of(each, own) for each in tried.working.lines],
            reason=explanation.get("reason"),
            explanation=explanation,
        )


@write(
    "POST",
    "/partners/{login}/simulate",
    tag="partners",
    need=Function.PAYOUTS,
    answer=TrialResult,
    body=Trial,
    fresh=False,
    refusals=(409,),
)
async def simulate_trade(call: Call, asked: Trial) -> TrialResult:
    """Show what a trade would bring you and the levels below you if it closed now; nothing is kept."""
    async with call.conn.snapshot():
        month_lots: Decimal = money.figure(asked.month_lots)
        tried = await results.tried(call.conn, call.login, asked.traded(call), asked.level, month_lots)
    return TrialResult.of(tried, call.login)
