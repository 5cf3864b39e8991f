"""Money in and out, the account as reported, and returns that weigh both."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Final

import numpy as np

from opencabinet.statistics.facts.basis import DAY, SECOND, Basis, Fact, Missing, Part, credit_left, real, time
from opencabinet.statistics.history import Flow

NOT_TOLD: Final = Missing("The account's last report does not tell it.")
NO_RATE: Final = Missing("The money in and out has no single rate of return.")
TOO_SHORT: Final = Missing("Less than a day has passed.")
ALL_LOST: Final = Missing("All that was paid in was lost.")
NEARLY_ALL: Final = Missing("Losses were so fast that the yearly rate cannot be told from -100 %.")
STEEPEST: Final = 300
"""Of the whole time, the largest logarithm of growth that is looked for."""
NEAREST: Final = float(np.log(1e-12))
ROUNDS: Final = 200
MOST_LISTED: Final = 12
"""So many movements are told one by one."""
YEAR: Final = 365 * DAY * SECOND


def flows(basis: Basis) -> Part:
    """Return deposits, withdrawals and the like; credit is left out, and what was there before is apart."""
    moved = [flow for flow in basis.history.flows if not flow.credit]
    facts: dict[str, Fact] = {
        "carried": basis.history.carried,
        "deposits": total(flow.amount for flow in moved if flow.amount > 0),
        "withdrawals": total(flow.amount for flow in moved if flow.amount < 0),
        "dividends": total(flow.amount for flow in moved if "dividend" in flow.kind),
        "charges": total(flow.amount for flow in moved if flow.kind not in {"balance", "correction"}),
        "paid_in": total(flow.amount for flow in moved if flow.amount > 0) + max(basis.history.carried, Decimal(0)),
    }
    return Part(facts, credit_left(basis.history.flows))


def standing(basis: Basis) -> Part:
    """Return the account as last reported."""
    held = basis.history.standing
    facts: dict[str, Fact] = {"balance": held.balance, "credit": held.credit, "as_of": held.as_of.isoformat()}
    for name, value in (("equity", held.equity), ("margin", held.margin)):
        facts[name] = NOT_TOLD if value is None else value
    return Part(facts)


def weighed(basis: Basis) -> Part:
    """Return what modified Dietz and the internal rate of return are made of."""
    if not len(basis):
        return Part({})
    moved = [flow for flow in basis.history.flows if not flow.credit]
    begin, end = ends(basis, moved)
    paid = total(flow.amount for flow in moved)
    final = basis.history.carried + paid + basis.amount(basis.results.sum()) + basis.history.costs
    facts: dict[str, Fact] = {
        "period_from": time(begin),
        "period_to": time(end),
        "begin_balance": basis.history.carried,
        "end_balance": final,
        "flow_sum": paid,
        "weighted_flows": real(sum(float(flow.amount) * (end - flow.at) / max(end - begin, 1) for flow in moved)),
    }
    short = end - begin < DAY * SECOND
    facts["rate"] = TOO_SHORT if short else rate(basis.history.carried, moved, final, (begin, end))
    return Part(facts | listed(moved), credit_left(basis.history.flows))


def ends(basis: Basis, moved: Sequence[Flow]) -> tuple[int, int]:
    """Return between which times money is weighed: those of the period, or from the first to the last that happened."""
    begin = basis.since
    if basis.history.since is None or not basis.history.carried:
        begin = min([begin, *(flow.at for flow in moved[:1])])
    return begin, max([basis.until, *(flow.at for flow in moved[-1:])])


def listed(moved: Sequence[Flow]) -> dict[str, Fact]:
    """Return the time and the amount of each movement, unless there are too many."""
    facts: dict[str, Fact] = {}
    for number, flow in enumerate(moved if len(moved) <= MOST_LISTED else (), 1):
        facts |= {f"flow_{number}_at": time(flow.at), f"flow_{number}_amount": flow.amount}
    return facts


def rate(carried: Decimal, moved: Sequence[Flow], final: Decimal, ends: tuple[int, int]) -> Fact:
    """Return the yearly rate at which what was paid in, taken out and left at the end is worth nothing together.

    It is looked for as its logarithm, so that it may lie as near to -1 as losses bring it.
    """
    begin, end = ends
    paid = np.array([-float(carried), *(-float(flow.amount) for flow in moved), float(final)])
    years = np.array([0, *(flow.at - begin for flow in moved), end - begin]) / YEAR
    if (paid <= 0).all() and (paid < 0).any():
        return ALL_LOST

    def worth(at: float) -> float:
        return float((paid * np.exp(-at * years)).sum())

    low, high = -STEEPEST / years[-1], STEEPEST / years[-1]
    if not (paid < 0).any() or worth(low) * np.sign(worth(high)) >= 0:
        return NO_RATE
    rising = worth(low) < 0
    for _ in range(ROUNDS):
        middle = (low + high) / 2
        low, high = (middle, high) if (worth(middle) < 0) is rising else (low, middle)
    return yearly((low + high) / 2)


def yearly(logarithm: float) -> Fact:
    """Return a rate from its logarithm, unless it is too near to -1 to be told from it."""
    if logarithm < NEAREST:
        return NEARLY_ALL
    with np.errstate(over="ignore"):
        return real(np.expm1(logarithm))


def total(amounts: Iterable[Decimal]) -> Decimal:
    """Return the sum of amounts."""
    return sum(amounts, Decimal(0))
