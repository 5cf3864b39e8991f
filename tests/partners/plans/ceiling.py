"""The most that a trade may cost the house, counted from the plans in a way of its own."""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from opencabinet.market.model import pip_of
from opencabinet.partners.plans import Line, Plan, Rates, Rung, Traded
from opencabinet.partners.plans.levels import Added, Difference, Pot
from opencabinet.partners.plans.parts import (
    AnyPart,
    CommissionShare,
    Cpa,
    Markup,
    PerLot,
    Pips,
    RevenueShare,
    SpreadShare,
)

PROFITS = {"EURUSD": "USD", "USDJPY": "JPY", "EURGBP": "GBP", "XAUUSD": "USD", "JP225": "JPY"}


def converted(amount: Fraction, source: str, target: str, rates: Rates) -> Fraction:
    """Return an amount in another currency."""
    if source == target or not amount:
        return amount
    rate = rates(source, target)
    assert rate is not None
    told = Fraction(rate.rate)
    return amount * told if rate.base == source else amount / told


def cost(lines: Sequence[Line], direct: Rung, rates: Rates) -> Fraction:
    """Return what lines cost together, in the currency of the direct partner's plan."""
    total = Fraction(0)
    for line in lines:
        amount = Fraction(line.amount)
        if line.kind == "rebate":
            amount = converted(amount, line.currency, direct.currency, rates)
            total += converted(amount, direct.currency, direct.plan.currency, rates)
        else:
            total += converted(amount, line.currency, direct.plan.currency, rates)
    return total


class Ceiling:
    """The most that plans may pay for a trade: all of the pot, all of the revenue, the dearest rates."""

    def __init__(self, trade: Traded, rates: Rates) -> None:
        self.trade, self.rates = trade, rates
        self.lots = Fraction(trade.lots)
        self.size = Fraction(trade.contract_size or 1)
        self.pip = Fraction(10) if trade.symbol == "JP225" else Fraction(pip_of(trade.digits, trade.symbol[:3]))
        self.point = Fraction(1, 10**trade.digits)

    def of(self, chain: Sequence[Rung]) -> Fraction:
        """Return the most for a chain, in the currency of the direct partner's plan."""
        levels, currency = chain[0].plan.levels, chain[0].plan.currency
        if isinstance(levels, Added):
            return Fraction(levels.most) * self.lots
        if isinstance(levels, Difference):
            each = [(self.of_plan(rung.plan), rung.plan.currency) for rung in chain[: levels.depth]]
            return max(converted(most, source, currency, self.rates) for most, source in each)
        return self.of_plan(chain[0].plan)

    def of_plan(self, plan: Plan) -> Fraction:
        """Return the most that a plan pays, whatever of its rates holds."""
        if isinstance(plan.levels, Pot):
            return Fraction(plan.levels.amount) * self.counted(plan.levels.lot_units)
        return sum((self.of_part(part, plan.currency) for part in plan.parts), Fraction(0))

    def of_part(self, part: AnyPart, currency: str) -> Fraction:  # noqa: PLR0911 - one for each kind
        """Return the dearest rate of a part that pays a fixed one, and of a percent all of the revenue."""
        trade = self.trade
        match part:
            case PerLot():
                rates = [rate.rate for rate in part.rates]
                rates += [step.rate for rate in part.rates for step in rate.steps]
                return Fraction(max(rates)) * self.counted(part.lot_units)
            case Pips():
                return self.moved(Fraction(max(rate.pips for rate in part.rates)) * self.pip, currency)
            case SpreadShare():
                return self.spread([each.points for each in part.spreads], currency)
            case CommissionShare():
                paid = max(-Fraction(trade.commission), Fraction(0))
                return converted(paid, trade.currency, currency, self.rates)
            case Markup():
                charged = [Fraction(each.rate) * self.counted(part.lot_units) for each in part.rates if each.rate]
                points = [each.points for each in part.rates if each.points]
                return max([Fraction(0), *charged]) + self.spread(points, currency)
            case RevenueShare():
                return self.revenue(part, currency)
            case Cpa():
                return Fraction(0)

    def revenue(self, part: RevenueShare, currency: str) -> Fraction:
        """Return all that the house made, or nothing."""
        trade = self.trade
        told = trade.fee - trade.commission - trade.swap - trade.bonus
        if part.of == "net_loss":
            told = -(trade.profit + trade.swap + trade.commission + trade.fee)
        made = converted(Fraction(told), trade.currency, currency, self.rates)
        return max(made + self.spread([each.points for each in part.spreads], currency), Fraction(0))

    def counted(self, units: Decimal | None) -> Fraction:
        """Return the lots of the trade, of so many units each."""
        return self.lots if units is None else self.lots * self.size / Fraction(units)

    def spread(self, points: Sequence[Decimal], currency: str) -> Fraction:
        """Return what the widest of some spreads brings."""
        return self.moved(Fraction(max(points, default=Decimal(0))) * self.point, currency)

    def moved(self, move: Fraction, currency: str) -> Fraction:
        """Return what the trade makes of a move of the price."""
        return converted(move * self.size * self.lots, PROFITS[self.trade.symbol], currency, self.rates)
