"""Plans made ready for trades of one symbol, group and contract: made once, and kept."""

from collections.abc import Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Final

import msgspec
from msgspec import Raw, Struct, structs

from opencabinet.partners.plans.figures import which
from opencabinet.partners.plans.keeping import Basis, KeptBasis, Level, kept
from opencabinet.partners.plans.levels import Difference, Levels, Percent, Pot
from opencabinet.partners.plans.model import Rung, Traded
from opencabinet.partners.plans.plan import Caps, Plan
from opencabinet.partners.plans.working.dealt import Dealt, dealing
from opencabinet.partners.plans.working.exact import Earnless, finite
from opencabinet.partners.plans.working.forms import Form, Ready, ladder

KEPT: Final = 4096
"""Plans that are kept ready, each for one symbol, group and contract."""
MOST_BASES: Final = 1000
"""Of a course: as many as there are steps that its levels are at; then all are forgotten."""
NO_CAPS: Final = Caps()

By = tuple[Plan, int, str]
"""A plan, its version, and the currency of whom it pays."""
Reached = tuple[Sequence[Form], ...]
"""The parts that hold at each level."""


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


class Course:
    """What a chain of plans does with trades of one kind."""

    def __init__(self, rule: Applied, chain: Sequence[By], asked: Sequence[Ready]) -> None:
        self.rule, self.asked, self.chain = rule, asked, chain
        self.plan = chain[0][0]
        self.filtered, self.pip = rule.filtered, rule.dealt.pip
        self.places = places(chain)
        self.stepped = [level for level, ready in enumerate(asked) if ready.stepped]
        self.capped = [level for level, (each, *_) in enumerate(chain) if each.caps != NO_CAPS]
        self._bases: dict[Reached, KeptBasis] = {}

    def reached(self, rungs: Sequence[Rung]) -> Reached:
        """Return the parts that hold at each level that is asked, by the lots of its month."""
        return tuple([ready.at(rung.month_lots) for ready, rung in zip(self.asked, rungs, strict=False)])

    def basis(self, reached: Reached) -> KeptBasis:
        """Return what trades have in common for which these parts hold."""
        found = self._bases.get(reached)
        if found is None:
            if len(self._bases) >= MOST_BASES:
                self._bases.clear()
            found = self._bases[reached] = self._basis(reached)
        return found

    def _basis(self, reached: Reached) -> KeptBasis:
        rule, levels = self.rule, introduced(self.chain)
        for place, forms in enumerate(reached):
            raws = [form.raw for form in forms]
            levels[place] = structs.replace(levels[place], parts=raws, counted_in=self.chain[place][0].currency)
        return kept(
            Basis(
                contract=rule.raw_contract,
                filters=rule.raw_filters,
                levels=rule.raw_levels,
                rebate=self.plan.rebate or None,
                rungs=levels,
            )
        )


def introduced(chain: Sequence[By]) -> list[Level]:
    """Say by what levels are paid, and what caps and ranks they have."""
    ranked = isinstance(chain[0][0].levels, Pot | Percent)
    found = []
    for level, (plan, version, currency) in enumerate(chain):
        capped = plan.caps != NO_CAPS
        found.append(
            Level(
                level=level,
                currency=currency,
                plan=plan.name,
                version=version,
                rank=plan.rank if ranked else None,
                caps=plan.caps if capped else None,
                counted_in=plan.currency if capped else None,
            )
        )
    return found


def places(chain: Sequence[By]) -> list[int]:
    """Return the place of each level: the rank that its plan names, or the level."""
    return [level if plan.rank is None else plan.rank for level, (plan, *_) in enumerate(chain)]


@lru_cache(KEPT)
def course(chain: tuple[By, ...], symbol: str, group: str, digits: int, contract_size: Decimal | None) -> Course:
    """Return what a chain of plans, the direct partner's first, does with trades of a kind."""
    rule = applied(chain[0][0], symbol, group, digits, contract_size)
    asked = chain if isinstance(chain[0][0].levels, Difference) else chain[:1]
    return Course(rule, chain, [ready(plan, symbol, group, rule.dealt) for plan, *_ in asked])


def applied(plan: Plan, symbol: str, group: str, digits: int, contract_size: Decimal | None) -> Applied:
    """Return the direct partner's plan, ready for trades of a kind."""
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


def ready(plan: Plan, symbol: str, group: str, dealt: Dealt) -> Ready:
    """Return the parts of a plan that cover a symbol and a group, ready."""
    found = [part.terms(symbol, group) for part in plan.parts]
    if isinstance(plan.levels, Pot):
        found = [plan.levels.terms()]
    return Ready([ladder(terms, dealt, plan.currency) for terms in found if terms])
