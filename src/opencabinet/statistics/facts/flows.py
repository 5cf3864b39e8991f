"""Money in and out, the account as reported, and returns that weigh both."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Final

import numpy as np

from opencabinet.statistics.facts.basis import DAY, SECOND, Basis, Fact, Missing, Part, real, time
from opencabinet.statistics.history import Flow
from opencabinet.statistics.model import Excluded

NOT_TOLD: Final = Missing("The account's last report does not tell it.")
NO_RATE: Final = Missing("The money in and out has no single rate of return.")
TOO_SHORT: Final = Missing("Less than a day has passed.")
LOWEST, HIGHEST, ROUNDS = -0.9999, 1e9, 200
YEAR: Final = 365 * DAY * SECOND


def flows(basis: Basis) -> Part:
    """Return deposits, withdrawals and the like; credit is left out, and what was there before is apart."""
    moved = [flow for flow in basis.history.flows if not flow.credit]
    credit = [flow for flow in basis.history.flows if flow.credit]
    facts: dict[str, Fact] = {
        "carried": basis.history.carried,
        "deposits": total(flow.amount for flow in moved if flow.amount > 0),
        "withdrawals": total(flow.amount for flow in moved if flow.amount < 0),
        "dividends": total(flow.amount for flow in moved if "dividend" in flow.kind),
        "charges": total(flow.amount for flow in moved if flow.kind not in {"balance", "correction"}),
        "credit_moved": total(flow.amount for flow in credit),
        "paid_in": total(flow.amount for flow in moved if flow.amount > 0) + max(basis.history.carried, Decimal(0)),
    }
    excluded = (Excluded(len(credit), "They move the credit, not the balance."),) if credit else ()
    return Part(facts, excluded)


def standing(basis: Basis) -> Part:
    """Return the account as last reported."""
    held = basis.history.standing
    facts: dict[str, Fact] = {"balance": held.balance, "credit": held.credit, "as_of": held.as_of.isoformat()}
    for name, value in (("equity", held.equity), ("margin", held.margin)):
        facts[name] = NOT_TOLD if value is None else value
    return Part(facts)


def weighed(basis: Basis) -> Part:
    """Return what modified Dietz and the internal rate of return are made of."""
    moved = [flow for flow in basis.history.flows if not flow.credit]
    if not len(basis):
        return Part({})
    begin = min([basis.since, *(flow.at for flow in moved[:1])])
    end = max([basis.until, *(flow.at for flow in moved[-1:])])
    brought = basis.amount(basis.results.sum()) + basis.history.costs
    final = basis.history.carried + total(flow.amount for flow in moved) + brought
    facts: dict[str, Fact] = {
        "period_from": time(begin),
        "period_to": time(end),
        "begin_balance": basis.history.carried,
        "end_balance": final,
        "flow_sum": total(flow.amount for flow in moved),
        "weighted_flows": real(sum(float(flow.amount) * (end - flow.at) / max(end - begin, 1) for flow in moved)),
    }
    short = end - begin < DAY * SECOND
    return Part(facts | {"rate": TOO_SHORT if short else rate(basis.history.carried, moved, final, (begin, end))})


def rate(carried: Decimal, moved: Sequence[Flow], final: Decimal, ends: tuple[int, int]) -> Fact:
    """Return the yearly rate at which what was paid in, taken out and left at the end is worth nothing together."""
    begin, end = ends
    paid = np.array([-float(carried), *(-float(flow.amount) for flow in moved), float(final)])
    years = np.array([0, *(flow.at - begin for flow in moved), end - begin]) / YEAR

    def worth(at: float) -> float:
        with np.errstate(over="ignore"):
            return float((paid * (1 + at) ** -years).sum())

    low, high = LOWEST, HIGHEST
    if not (paid < 0).any() or not np.isfinite([worth(low), worth(high)]).all() or worth(low) * worth(high) >= 0:
        return NO_RATE
    rising = worth(low) < 0
    for _ in range(ROUNDS):
        middle = (low + high) / 2
        low, high = (middle, high) if (worth(middle) < 0) is rising else (low, middle)
    return real((low + high) / 2)


def total(amounts: Iterable[Decimal]) -> Decimal:
    """Return the sum of amounts."""
    return sum(amounts, Decimal(0))
