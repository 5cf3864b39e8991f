"""From movements to bonuses: what was given, under which programme, and how it ended.

A credit row above zero is a bonus. One below zero ends bonuses: those of the programme that its comment names before
others, one that has exactly the amount left before others, older ones before newer ones. Credit counts as released if
the same amount came in as balance within a minute of it, and as cancelled if it did not.
"""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Final

from msgspec.structs import replace

from opencabinet.bonuses.model import Ending, Grant, Programme
from opencabinet.kernel.ids import Ticket
from opencabinet.kernel.money import exponent
from opencabinet.ledger import CREDIT, Movement

AT_ONCE: Final = timedelta(minutes=1)
"""Two movements no further apart belong together."""

EARNED_WITHIN: Final = timedelta(days=1)
"""A deposit earns the bonus that comes no later than this."""


class History:
    """The bonuses of an account as its movements tell them, told from the oldest to the newest."""

    def __init__(self, programmes: Sequence[Programme], currency: str) -> None:
        self.programmes, self.unit = programmes, Decimal(1).scaleb(-exponent(currency))
        self.grants: dict[Ticket, Grant] = {}
        self.endings: list[Ending] = []
        self.money: dict[Ticket, Movement] = {}

    def tell(self, movements: Iterable[Movement]) -> None:
        """Tell what moved: money first, then credit, each in the order it happened."""
        told = sorted(movements, key=lambda move: (move.moved_at, move.ticket))
        self.money = {move.ticket: move for move in told if move.kind == "balance" and move.amount > 0}
        for move in told:
            if move.kind in CREDIT and move.amount > 0:
                self.give(move)
            elif move.kind in CREDIT and move.amount < 0:
                self.take(move)

    def give(self, move: Movement) -> None:
        """Keep a bonus."""
        self.grants[move.ticket] = Grant(
            id=move.ticket,
            granted_at=move.moved_at,
            granted_offset=move.moved_offset,
            amount=move.amount,
            comment=move.comment,
            programme=self.named(move) or self.earned(move),
        )

    def named(self, move: Movement) -> str | None:
        """Return the programme that a comment names."""
        theirs = (each for each in self.programmes if move.kind in each.kinds and each.named_by(move.comment))
        return next((each.name for each in theirs), None)

    def earned(self, move: Movement) -> str | None:
        """Return the programme whose share of a deposit this is; a deposit earns one bonus."""
        for each in self.programmes:
            if each.percent is None or move.kind not in each.kinds:
                continue
            for money in self.money.values():
                passed = move.moved_at - money.moved_at
                share = money.amount * each.percent / 100
                if -AT_ONCE <= passed <= EARNED_WITHIN and abs(share - move.amount) < self.unit:
                    del self.money[money.ticket]
                    return each.name
        return None

    def take(self, move: Movement) -> None:
        """End bonuses."""
        left = amount = -move.amount
        kind, parts = ("released" if self.paid(move) else "cancelled"), dict[Ticket, Decimal]()
        for grant in self.likeliest(amount, self.named(move)):
            if part := min(left, grant.remaining):
                parts[grant.id], left = part, left - part
                self.grants[grant.id] = replace(grant, **{kind: getattr(grant, kind) + part})
        ending = Ending(
            id=move.ticket,
            ended_at=move.moved_at,
            ended_offset=move.moved_offset,
            kind="released" if kind == "released" else "cancelled",
            amount=amount,
            comment=move.comment,
            grants=parts,
            unexplained=left,
        )
        self.endings.append(ending)

    def paid(self, move: Movement) -> bool:
        """Whether the credit taken came in as money; each row of money is used once."""
        for money in self.money.values():
            if money.amount == -move.amount and abs(money.moved_at - move.moved_at) <= AT_ONCE:
                del self.money[money.ticket]
                return True
        return False

    def likeliest(self, amount: Decimal, programme: str | None) -> list[Grant]:
        """Return the bonuses that are still on the account, those first that an ending is likeliest of."""
        live = [grant for grant in self.grants.values() if grant.remaining]
        others = {grant.id for grant in live if programme not in {None, grant.programme}}
        return sorted(live, key=lambda grant: (grant.id in others, grant.remaining != amount))
