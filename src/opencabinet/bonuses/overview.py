"""All bonuses of an account, and the money that can be withdrawn with and without them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from msgspec import Struct

from opencabinet.accounts import Account
from opencabinet.bonuses.model import Ending, Grant, Programme
from opencabinet.bonuses.standing import Standing, State

NOTHING = Decimal(0)


class Progress(Struct, frozen=True, kw_only=True):
    """The bonuses of an account: given, ended, and how far each programme is. `deposited` is all money that came in."""

    account: Account
    now: datetime
    programmes: Mapping[str, Programme]
    grants: Sequence[Grant]
    endings: Sequence[Ending]
    standings: Sequence[Standing]
    deposited: Decimal

    @property
    def received(self) -> Decimal:
        """All bonuses ever given, ended ones among them."""
        return sum((grant.amount for grant in self.grants), NOTHING)

    @property
    def cancelled(self) -> Decimal:
        """What of them was taken back."""
        return sum((grant.cancelled for grant in self.grants), NOTHING)

    @property
    def released(self) -> Decimal:
        """What of them became money."""
        return sum((grant.released for grant in self.grants), NOTHING)

    @property
    def remaining(self) -> Decimal:
        """What of them is still on the account."""
        return self.received - self.cancelled - self.released

    @property
    def complete(self) -> bool:
        """Whether the credit rows known add up to the credit that the server reports."""
        return self.remaining - sum((each.unexplained for each in self.endings), NOTHING) == self.account.credit

    @property
    def deciding(self) -> Standing | None:
        """The programme that takes longest: once its lots have closed, all bonuses on the account can be released."""
        live = [each for each in self.standings if each.remaining] or self.standings
        return max(live, key=lambda each: (each.left is None, each.left or 0, each.required or 0), default=None)

    @property
    def state(self) -> State:
        """Owed while any programme is, then ready while any is; else how the bonuses ended, or none."""
        states = {each.state for each in self.standings}
        order: tuple[State, ...] = ("owed", "ready", "released", "cancelled")
        return next((state for state in order if state in states), "none")

    @property
    def required(self) -> Decimal | None:
        """How many lots the deciding programme requires; nothing without one, None where it has no rule."""
        return self.deciding.required if self.deciding else NOTHING

    @property
    def counted(self) -> Decimal:
        """How many closed lots the deciding programme counts."""
        return self.deciding.counted if self.deciding else NOTHING

    @property
    def left(self) -> Decimal | None:
        """How many lots must still close for everything to be released, None where that cannot be told."""
        return self.deciding.left if self.deciding else NOTHING

    @property
    def free_margin(self) -> Decimal:
        """What of the equity no open trade needs."""
        return self.account.worth - self.account.used_margin

    @property
    def withdrawable(self) -> Decimal:
        """What can be withdrawn if the bonuses may be lost: of the balance only, credit is never part of it."""
        return max(min(self.account.balance, self.free_margin - self.account.credit), NOTHING)

    @property
    def withdrawable_keeping_bonus(self) -> Decimal:
        """What can be withdrawn without losing a bonus: profit, what lies above the money that the bonuses stand on."""
        return max(min(self.withdrawable, self.account.balance - self.stake), NOTHING)

    @property
    def stake(self) -> Decimal:
        """How much of the balance the bonuses on the account stand on.

        The deposits that they are the programmes' share of; all that was ever deposited, where a programme tells no
        share; the whole balance, where a programme cancels its bonuses at any withdrawal.
        """
        own = self.deposited - sum((each.amount for each in self.endings if each.kind == "released"), NOTHING)
        live = [grant for grant in self.grants if grant.remaining]
        rules = [self.programmes.get(grant.programme or "") for grant in live]
        if any(rule and rule.withdrawal == "cancels" for rule in rules):
            return self.account.balance
        shares = [
            grant.remaining / rule.percent * 100
            for grant, rule in zip(live, rules, strict=True)
            if rule and rule.percent
        ]
        return min(sum(shares, NOTHING), own) if len(shares) == len(live) else own
