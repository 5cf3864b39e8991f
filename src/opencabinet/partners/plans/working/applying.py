"""Plans made ready for trades of one symbol, group and contract: made once, and kept."""

from decimal import Decimal
from functools import lru_cache
from typing import Final

import msgspec
from msgspec import Raw, Struct

from opencabinet.partners.plans.figures import which
from opencabinet.partners.plans.levels import Levels, Pot
from opencabinet.partners.plans.model import Traded
from opencabinet.partners.plans.plan import Plan
from opencabinet.partners.plans.working.dealt import Dealt, dealing
from opencabinet.partners.plans.working.exact import Earnless, finite
from opencabinet.partners.plans.working.forms import Ready, ladder

KEPT: Final = 4096
"""Plans that are kept ready, each for one symbol, group and contract."""


class Filtered(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What an explanation says of the filters; `symbol` and `group` are the patterns that leave the trade out."""

    least_seconds: int = 0
    least_pips: Decimal | None = None
    pairs_once: bool = False
    symbol: str | None = None
    group: str | None = None

    def refuse(self, trade: Traded, pip: Decimal) -> None:
        """Let the trade pass.

        Raises:
            Earnless: if it earns nothing; it says why.
        """
        if self.symbol is not None or self.group is not None:
            raise Earnless("symbol_left_out" if self.symbol is not None else "group_left_out")
        if trade.lots <= 0:
            raise Earnless("no_lots")
        if self.pairs_once and trade.closed_by is not None and trade.closed_by < trade.ticket:
            raise Earnless("closed_as_pair")
        if self.least_seconds:
            self.refuse_short(trade)
        if self.least_pips is not None:
            self.refuse_still(trade, self.least_pips * pip)

    def refuse_short(self, trade: Traded) -> None:
        """Let a trade pass that was held long enough; one of unknown opening may not have been."""
        if trade.opened_at is None:
            raise Earnless("opening_unknown")
        if (trade.closed_at - trade.opened_at).total_seconds() < self.least_seconds:
            raise Earnless("held_too_short")

    def refuse_still(self, trade: Traded, least: Decimal) -> None:
        """Let a trade pass whose price moved far enough, either way."""
        if trade.open_price is None:
            raise Earnless("opening_unknown")
        if finite(abs(trade.close_price - trade.open_price)) < least:
            raise Earnless("moved_too_little")


class Applied(Struct, frozen=True, kw_only=True):
    """The direct partner's plan, ready: what is known of the contract, the filters, and what is said of all."""

    dealt: Dealt
    filtered: Filtered
    raw_contract: Raw
    raw_filters: Raw
    raw_levels: Raw


def applied(plan: Plan, trade: Traded) -> Applied:
    """Return the direct partner's plan, ready for a trade."""
    if trade.contract_size is not None:
        finite(trade.contract_size)
    return _applied(plan, trade.symbol, trade.group, trade.digits, trade.contract_size)


@lru_cache(KEPT)
def _applied(plan: Plan, symbol: str, group: str, digits: int, contract_size: Decimal | None) -> Applied:
    dealt = dealing(plan, symbol, group, digits, contract_size)
    filtered = Filtered(
        least_seconds=plan.filters.least_seconds,
        least_pips=plan.filters.least_pips or None,
        pairs_once=plan.filters.pairs_once,
        symbol=which(plan.filters.symbols_left_out, symbol),
        group=which(plan.filters.groups_left_out, group),
    )
    return Applied(
        dealt=dealt,
        filtered=filtered,
        raw_contract=Raw(msgspec.json.encode(msgspec.to_builtins(dealt) | {"pip_value": dealt.pip_value})),
        raw_filters=Raw(msgspec.json.encode(filtered)),
        raw_levels=raw_levels(plan.levels),
    )


def raw_levels(levels: Levels) -> Raw:
    """Write down how levels share; what a pot holds is said among the parts."""
    told = msgspec.to_builtins(levels)
    return Raw(msgspec.json.encode({key: told[key] for key in told if key not in {"amount", "lot_units"}}))


@lru_cache(KEPT)
def ready(plan: Plan, symbol: str, group: str, dealt: Dealt) -> Ready:
    """Return the parts of a plan that cover a symbol and a group, ready."""
    found = [part.terms(symbol, group) for part in plan.parts]
    if isinstance(plan.levels, Pot):
        found = [plan.levels.terms()]
    return Ready([ladder(terms, dealt, plan.currency) for terms in found if terms])
