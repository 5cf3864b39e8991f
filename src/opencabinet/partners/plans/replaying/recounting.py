"""What the parts that an explanation tells come to, for the trade that it tells."""

from datetime import timedelta
from fractions import Fraction

from opencabinet.partners.plans.figures import fits
from opencabinet.partners.plans.replaying.reading import (
    Converting,
    Nothing,
    Told,
    Untold,
    agree,
    figure,
    floored,
    maybe,
    moment,
    percent,
)


def filtered(told: Told) -> None:
    """See that the trade passes the filters; one that does not comes to nothing."""
    trade, filters = told["trade"], told["filters"]
    for member in ("symbol", "group"):
        if member in filters:
            agree(so=fits(filters[member], trade[member]))
            raise Nothing
    if figure(trade["lots"]) <= 0:
        raise Nothing
    if filters.get("pairs_once") and trade.get("closed_by", trade["ticket"]) < trade["ticket"]:
        raise Nothing
    if "least_seconds" in filters:
        opened_at, least = trade["opened_at"], timedelta(seconds=filters["least_seconds"])
        if opened_at is None or moment(trade["closed_at"]) - moment(opened_at) < least:
            raise Nothing
    if "least_pips" in filters:
        opened, least_move = maybe(trade, "open_price"), figure(filters["least_pips"]) * figure(told["contract"]["pip"])
        if opened is None or abs(figure(trade["close_price"]) - opened) < least_move:
            raise Nothing


class Recount:
    """A trade, what is known of its contract, and what currencies were worth."""

    def __init__(self, told: Told, convert: Converting) -> None:
        self.trade, self.contract, self.convert = told["trade"], told["contract"], convert
        self.lots = figure(self.trade["lots"])
        size = maybe(self.trade, "contract_size")
        agree(so=size is None or size == maybe(self.contract, "contract_size"))
        agree(so=figure(self.contract["point"]) == Fraction(1, 10 ** self.trade["digits"]))

    def rung(self, rung: Told) -> Fraction:
        """Return what the plan of a level pays; one further up pays nothing if it needs what is not told."""
        try:
            return sum((self.part(part, rung) for part in rung.get("parts", ())), Fraction(0))
        except Untold:
            if rung["level"] == 0:
                raise
            return Fraction(0)

    def part(self, part: Told, rung: Told) -> Fraction:
        """Return what a part comes to, in the currency of the partner's plan."""
        self.see_step(part, rung)
        of, currency = percent(part["share"]) * percent(part.get("percent", "100")), rung["counted_in"]
        if part["kind"] == "commission_share":
            paid = max(-figure(self.trade["commission"]), Fraction(0))
            return self.convert(paid * of, self.trade["currency"], currency)
        if part["kind"] == "revenue_share":
            return self.revenue(part, of, currency)
        found = self.by_lots(part, of) if "rate" in part else self.by_move(self.moved(part) * of, currency)
        most = maybe(part, "most")
        return found if most is None else min(found, floored(most * self.lots))

    def see_step(self, part: Told, rung: Told) -> None:
        """See that the lots of the month before the trade are those of the step."""
        reached, below = maybe(part, "reached"), maybe(part, "below")
        if reached is not None or below is not None:
            lots = figure(rung["month_lots"])
            agree(so=(reached is None or reached <= lots) and (below is None or lots < below))

    def by_lots(self, part: Told, of: Fraction) -> Fraction:
        """Return rate x lots."""
        units, lots = maybe(part, "lot_units"), self.lots
        if units is not None:
            lots = lots * self.size() / units
        return floored(figure(part["rate"]) * of * lots)

    def moved(self, part: Told) -> Fraction:
        """Return how far a price moves by the pips or points of a part."""
        if "pips" in part:
            return figure(part["pips"]) * figure(self.contract["pip"])
        return figure(part["points"]) * figure(self.contract["point"])

    def by_move(self, move: Fraction, currency: str) -> Fraction:
        """Return what the trade makes of a move of the price."""
        size = self.size()
        if self.contract["currency"] is None:
            raise Untold
        return self.convert(move * size * self.lots, self.contract["currency"], currency)

    def size(self) -> Fraction:
        """Return the units of a lot; where they are not told, what needs them comes to nothing."""
        size = maybe(self.contract, "contract_size")
        if size is None:
            raise Untold
        return size

    def revenue(self, part: Told, of: Fraction, currency: str) -> Fraction:
        """Return a share of what the house made."""
        trade = {each: figure(self.trade.get(each, "0")) for each in ("profit", "commission", "swap", "fee", "bonus")}
        if part["of"] == "net_loss":
            made = -trade["profit"] - trade["swap"] - trade["commission"] - trade["fee"]
        else:
            made = -trade["commission"] - trade["swap"] - trade["bonus"] + trade["fee"]
        amount = self.convert(made, self.trade["currency"], currency)
        if "points" in part:
            amount += self.by_move(self.moved(part), currency)
        return floored(amount * of) if amount > 0 or part["negative"] == "carried" else Fraction(0)
