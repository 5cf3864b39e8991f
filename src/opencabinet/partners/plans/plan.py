"""A plan: the rules of rewards as data. A version of a plan never changes; the next one holds from a moment on."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Final

from msgspec import Meta, Struct

from opencabinet.partners.plans.figures import WHOLE, Chosen, Currency, Name, Patterns, check
from opencabinet.partners.plans.levels import MOST_LEVELS, Difference, Levels, Pot
from opencabinet.partners.plans.parts import AnyPart, Cpa, PerLot

MOST_PARTS: Final = 4
MOST_CONTRACTS: Final = 200


class Contract(Chosen, frozen=True, kw_only=True):
    """What is told of symbols whose trades and names do not tell it.

    `contract_size` counts the units of a lot and `currency` is what profit is counted in: they hold where the trade and
    its symbol's name are silent. `pip` is a step of the price; it goes before the one that the digits tell.
    """

    contract_size: Decimal | None = None
    currency: Currency | None = None
    pip: Decimal | None = None

    def __post_init__(self) -> None:
        check(self, "contract_size", "pip", above=Decimal(0))


class Filters(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Trades that earn nothing: held shorter, moved by less, of symbols or groups left out.

    With `pairs_once`, of two trades that closed each other only the one with the lower ticket earns.
    """

    least_seconds: Annotated[int, Meta(ge=0, le=10**9)] = 0
    least_pips: Decimal = Decimal(0)
    symbols_left_out: Patterns = ()
    groups_left_out: Patterns = ()
    pairs_once: bool = True

    def __post_init__(self) -> None:
        check(self, "least_pips")


class Caps(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """The most that a partner is given for a trade, and in a day and a month of UTC, in the plan's currency."""

    trade: Decimal | None = None
    day: Decimal | None = None
    month: Decimal | None = None

    def __post_init__(self) -> None:
        check(self, "trade", "day", "month")


class Plan(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, cache_hash=True):
    """By what partners earn, in which currency it is counted, and how it is shared.

    `rebate` is the percent of the direct partner's reward that goes to the client. `hold_days` is how long a reward is
    held. `rank` is the place of a partner of this plan where percents go by place. `contracts` complete the trades.
    """

    name: Name
    currency: Currency
    title: Annotated[str, Meta(max_length=100)] = ""
    parts: Annotated[tuple[AnyPart, ...], Meta(max_length=MOST_PARTS)] = ()
    levels: Levels = Difference()
    rank: Annotated[int, Meta(ge=0, lt=MOST_LEVELS)] | None = None
    rebate: Decimal = Decimal(0)
    filters: Filters = Filters()
    caps: Caps = Caps()
    hold_days: Annotated[int, Meta(ge=0, le=366)] = 0
    contracts: Annotated[tuple[Contract, ...], Meta(max_length=MOST_CONTRACTS)] = ()

    def __post_init__(self) -> None:
        check(self, "rebate", most=WHOLE)
        of_trades = [part for part in self.parts if not isinstance(part, Cpa)]
        if isinstance(self.levels, Pot) and of_trades:
            raise ValueError(
                "parts have no place beside levels of a pot, which is a sum of its own, but one of kind cpa"
            )
        if not isinstance(self.levels, Pot) and not self.parts:
            raise ValueError("parts are missing")
        if len(self.parts) - len(of_trades) > 1:
            raise ValueError("parts hold at most one of the kind cpa")
        over = [revenue for revenue, percent in handed_out(self.parts).items() if percent > WHOLE]
        if over:
            raise ValueError(f"parts together hand out more than all of the {over[0]}")

    @property
    def cpa(self) -> Cpa | None:
        """What is paid once for a client, if anything is."""
        return next((part for part in self.parts if isinstance(part, Cpa)), None)

    @property
    def looks_back(self) -> bool:
        """Whether what it pays goes by what was before a trade, in its month or on its day."""
        stepped = any(rate.steps for part in self.parts if isinstance(part, PerLot) for rate in part.rates)
        return stepped or self.caps != Caps()


def handed_out(parts: tuple[AnyPart, ...]) -> Mapping[str, Decimal]:
    """Return how many percent of each revenue parts hand out together."""
    found: dict[str, Decimal] = {}
    for part in parts:
        for revenue, percent in part.takes().items():
            found[revenue] = found.get(revenue, Decimal(0)) + percent
    return found
