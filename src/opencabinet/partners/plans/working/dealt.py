"""What is known of the contract of a trade: by the trade itself, by its symbol's name, and by the plan."""

from decimal import Decimal

from msgspec import Struct

from opencabinet.market import currencies
from opencabinet.market.model import pip_of
from opencabinet.partners.plans.parts import first
from opencabinet.partners.plans.plan import Plan
from opencabinet.partners.plans.working.exact import Untold


class Dealt(Struct, frozen=True, kw_only=True, cache_hash=True):
    """The units of a lot, what profit is counted in, and the steps of the price; None where nobody told."""

    contract_size: Decimal | None
    currency: str | None
    point: Decimal
    pip: Decimal

    def worth(self, move: Decimal) -> tuple[Decimal, str]:
        """Return what a lot makes of a move of the price, and in which currency.

        Raises:
            Untold: if nobody told.
        """
        if self.contract_size is None:
            raise Untold("no_contract_size")
        if self.currency is None:
            raise Untold("no_profit_currency")
        return move * self.contract_size, self.currency

    @property
    def pip_value(self) -> Decimal | None:
        """What a lot makes of a pip."""
        return None if self.contract_size is None else self.pip * self.contract_size


def dealing(plan: Plan, symbol: str, group: str, digits: int, contract_size: Decimal | None) -> Dealt:
    """Return what is known of a contract."""
    base, profit = currencies(symbol) or (None, None)
    told = first(plan.contracts, symbol, group)
    pip = pip_of(digits, base)
    if told is not None:
        contract_size = told.contract_size if contract_size is None else contract_size
        profit, pip = profit or told.currency, told.pip or pip
    return Dealt(contract_size=contract_size, currency=profit, point=Decimal(1).scaleb(-digits), pip=pip)
