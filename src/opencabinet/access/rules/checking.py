"""What a policy must keep to, and what its owner should know before saving it."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Final

from opencabinet.access.honouring import Part, unshowable
from opencabinet.access.model import Function
from opencabinet.access.networks import everybody, together, warning
from opencabinet.access.policy import DEFAULT, STRICTER, Hidden, Level, Policy, Redaction, Rule
from opencabinet.kernel.problem import Malformed

MOST_NETWORKS: Final = 100
LONGEST_NOTE: Final = 200
LONGEST_DELAY: Final = 30 * 24 * 60
MOST_SYMBOLS: Final = 100
LONGEST_SYMBOL: Final = 64
LATEST: Final = timedelta(days=3653)

TOLD_BY: Final[Mapping[Function, tuple[Part, tuple[Function, ...]]]] = {
    Function.BALANCE: (
        Part.MONEY,
        (
            *(Function.SUMMARY, Function.CLOSED_TRADES, Function.CLOSED_LOTS, Function.MOVEMENTS),
            *(Function.BONUSES, Function.STATISTICS),
        ),
    ),
    Function.MOVEMENTS: (
        Part.MONEY,
        (Function.SUMMARY, Function.CLOSED_TRADES, Function.CLOSED_LOTS, Function.STATISTICS),
    ),
    Function.OPEN_TRADES: (
        Part.OPEN_TRADES,
        (Function.SUMMARY, Function.BALANCE, Function.BONUSES, Function.STATISTICS),
    ),
}
"""Functions whose figures others tell, too, in all or in parts, as sums or in receipts; and what leaves them out."""


class BadRule(Malformed):
    """A rule cannot hold."""

    def __init__(self, row: str, detail: str) -> None:
        super().__init__(f"{row}: {detail}")
        self.row = row


def check(policy: Policy, now: datetime) -> None:
    """Refuse a policy that cannot hold.

    Raises:
        BadRule: for the first row that cannot.
    """
    for row, rule in policy.rows():
        for detail in objections(row, rule, now):
            raise BadRule(row, detail)


def objections(row: str, rule: Rule, now: datetime) -> Iterator[str]:
    """Say what speaks against a row of the matrix."""
    if row != DEFAULT and Function(row).private and rule.level in STRICTER:
        yield "this tells of the person, so it always needs a credential: password, both or off."
    if rule.level.by_address and not rule.networks:
        yield "list the addresses that it is closed by."
    if rule.networks and not rule.level.by_address:
        yield f"the level {rule.level} goes by no addresses: choose address or both."
    if len(rule.networks) > MOST_NETWORKS:
        yield f"at most {MOST_NETWORKS} networks can be listed."
    if everybody(rule.networks):
        yield "together these networks let everybody in: choose the level open instead."
    if rule.redaction != Redaction() and rule.level is not Level.OPEN:
        yield "only the open level leaves anything out."
    if rule.expires_at is not None and not now < rule.expires_at <= now + LATEST:
        yield "it must end in the future, and within ten years."
    if len(rule.note) > LONGEST_NOTE or not rule.note.isprintable():
        yield f"a note has at most {LONGEST_NOTE} letters, on one line."
    yield from objections_to(rule.redaction)


def objections_to(left_out: Redaction) -> Iterator[str]:
    """Say what speaks against what is left out."""
    if not 0 <= left_out.delay_minutes <= LONGEST_DELAY:
        yield f"a delay has from 0 to {LONGEST_DELAY} minutes."
    if len(left_out.without_symbols) > MOST_SYMBOLS:
        yield f"at most {MOST_SYMBOLS} symbols can be left out."
    if not all(0 < len(each) <= LONGEST_SYMBOL and each.isprintable() for each in left_out.without_symbols):
        yield f"a symbol has from 1 to {LONGEST_SYMBOL} letters."


def warnings(policy: Policy) -> Iterator[str]:
    """Say what the owner may not have thought of."""
    for row, rule in policy.rows():
        yield from (f"{row}: {said}" for each in together(rule.networks) if (said := warning(each)))
        hidden = rule.redaction.hide & {Hidden.MONEY, Hidden.VOLUMES}
        if rule.level is Level.OPEN and len(hidden) == 1:
            other = "money" if Hidden.MONEY in hidden else "volumes"
            yield f"{row}: {other} can be worked out from what is still shown; hide both money and volumes."
    yield from told_elsewhere(policy)


def told_elsewhere(policy: Policy) -> Iterator[str]:
    """Say which functions are closed to strangers, though others that are open tell of them."""
    for function, (part, others) in TOLD_BY.items():
        telling = [each for each in others if open_with(policy, each, part)]
        if telling and policy.rules.get(function, policy.default).level is not Level.OPEN:
            learned = f"strangers learn of it from {', '.join(telling)}"
            yield f"{function}: it is closed, but {learned}; leave {part} out there."


def open_with(policy: Policy, function: Function, part: Part) -> bool:
    """Whether strangers are told a function, and a part of it that could be left out."""
    rule = policy.rules.get(function, policy.default)
    left_out = rule.redaction.parts
    return rule.level is Level.OPEN and part not in left_out and not unshowable(function, left_out)
