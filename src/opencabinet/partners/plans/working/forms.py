"""The parts of a plan as they hold for one symbol, group and contract: what is left is to count.

A form is made once and counts every trade of its kind; what it says of itself is written once too.
"""

from bisect import bisect_right
from collections.abc import Sequence
from decimal import Decimal
from typing import Protocol

import msgspec
from msgspec import Raw

from opencabinet.partners.plans.model import Traded
from opencabinet.partners.plans.terms import Term
from opencabinet.partners.plans.working.dealt import Dealt
from opencabinet.partners.plans.working.exact import NOTHING, ONE, Exchange, Untold, cut


class Case:
    """A trade, and what currencies were worth."""

    __slots__ = ("exchange", "trade")

    def __init__(self, trade: Traded, exchange: Exchange) -> None:
        self.trade, self.exchange = trade, exchange


class Form(Protocol):
    """A part that holds for a trade, at a rate that is known."""

    raw: Raw
    """What an explanation says of it."""

    def value(self, case: Case) -> Decimal:
        """Return what a trade comes to, in the plan's currency, cut down to six places.

        Raises:
            Earnless: if something that nobody told is needed.
        """


class ByLots:
    """So much for a lot: rate x lots, in lots as they closed or of so many units."""

    def __init__(self, term: Term, dealt: Dealt) -> None:
        self.raw, self.most = raw(term), term.most
        self.factor = (term.rate or NOTHING) * term.fraction
        self.divisor = ONE if term.lot_units is None else term.lot_units
        self.size = ONE if term.lot_units is None else dealt.contract_size

    def value(self, case: Case) -> Decimal:
        """Return rate x lots."""
        if self.size is None:
            raise Untold("no_contract_size")
        lots = case.trade.lots
        amount = lots * self.factor
        found = cut(amount if self.divisor is ONE else amount * self.size / self.divisor)
        return found if self.most is None else min(found, cut(self.most * lots))


class ByMove:
    """What a trade makes of so many pips, or points: pip value x lots x pips."""

    def __init__(self, term: Term, dealt: Dealt, currency: str) -> None:
        self.raw, self.most, self.currency, self.dealt = raw(term), term.most, currency, dealt
        move = (term.pips or NOTHING) * dealt.pip + (term.points or NOTHING) * dealt.point
        self.move = move * term.fraction

    def value(self, case: Case) -> Decimal:
        """Return pip value x lots x pips."""
        worth, source = self.dealt.worth(self.move)
        lots = case.trade.lots
        found = case.exchange.convert(worth * lots, source, self.currency)
        return found if self.most is None else min(found, cut(self.most * lots))


class ByCommission:
    """A share of the commission that the client paid; one who was paid some has paid none."""

    def __init__(self, term: Term, currency: str) -> None:
        self.raw, self.currency, self.factor = raw(term), currency, term.fraction

    def value(self, case: Case) -> Decimal:
        """Return commission x percent."""
        paid = max(-case.trade.commission, NOTHING)
        return case.exchange.convert(paid * self.factor, case.trade.currency, self.currency)


class ByRevenue:
    """A share of what the house made of a trade."""

    def __init__(self, term: Term, dealt: Dealt, currency: str) -> None:
        self.raw, self.currency, self.dealt = raw(term), currency, dealt
        self.factor, self.points = term.fraction, term.points
        self.of_loss, self.carried = term.of == "net_loss", term.negative == "carried"

    def value(self, case: Case) -> Decimal:
        """Return spread + commission + swap - bonus - fees, or what the client lost, x percent."""
        trade = case.trade
        if self.of_loss:
            made = -(trade.profit + trade.commission + trade.swap + trade.fee)
        else:
            made = trade.fee - trade.commission - trade.swap - trade.bonus
        found = case.exchange.convert(made, trade.currency, self.currency)
        if self.points is not None:
            worth, source = self.dealt.worth(self.points * self.dealt.point)
            found += case.exchange.convert(worth * trade.lots, source, self.currency)
        return cut(found * self.factor) if found > 0 or self.carried else NOTHING


class Ladder:
    """The forms of a part, by what the lots of the month have reached; most have one."""

    def __init__(self, forms: Sequence[Form], reached: Sequence[Decimal] = ()) -> None:
        self.forms, self.reached = forms, reached

    def at(self, month_lots: Decimal) -> Form:
        """Return the form that holds for so many lots."""
        return self.forms[bisect_right(self.reached, month_lots)]


class Ready:
    """All parts of a plan that cover a trade."""

    def __init__(self, ladders: Sequence[Ladder]) -> None:
        self._ladders = ladders
        self.stepped = any(ladder.reached for ladder in ladders)
        self._lowest = tuple(ladder.forms[0] for ladder in ladders)

    def at(self, month_lots: Decimal) -> tuple[Form, ...]:
        """Return the forms that hold for so many lots; where no part has steps, they are the same for all."""
        return tuple(ladder.at(month_lots) for ladder in self._ladders) if self.stepped else self._lowest


def raw(term: Term) -> Raw:
    """Write down a term, once for all trades."""
    return Raw(msgspec.json.encode(term))


def ladder(terms: Sequence[Term], dealt: Dealt, currency: str) -> Ladder:
    """Make what a part has for its steps ready to count, in a currency."""
    return Ladder([form(term, dealt, currency) for term in terms], [each.reached for each in terms if each.reached])


def form(term: Term, dealt: Dealt, currency: str) -> Form:
    """Make a term ready to count, in a currency."""
    if term.kind == "commission_share":
        return ByCommission(term, currency)
    if term.kind == "revenue_share":
        return ByRevenue(term, dealt, currency)
    return ByMove(term, dealt, currency) if term.rate is None else ByLots(term, dealt)
