"""What each level is given of what a trade earns, in one currency and cut down: together never more than there is."""

from collections.abc import Sequence
from decimal import Decimal

from opencabinet.partners.plans.levels import Added, Cascade, Difference, Levels, Percent, Pot
from opencabinet.partners.plans.working.exact import NOTHING, cut


def shared(levels: Levels, owns: Sequence[Decimal], lots: Decimal | None, places: Sequence[int]) -> list[Decimal]:
    """Return what each level is given, by what the plans of all pay, or the first alone where it is divided.

    Without lots, what is added for those is left out, and with it all that is paid on top.
    """
    if isinstance(levels, Difference):
        return difference(owns)
    base, count = owns[0], len(places)
    if isinstance(levels, Cascade):
        return cascade(levels, base, count)
    if isinstance(levels, Added):
        return added(levels, base, lots, count) if lots is not None else [base, *[NOTHING] * (count - 1)]
    return by_place(levels, base, places)


def difference(owns: Sequence[Decimal]) -> list[Decimal]:
    """Share what each level's own plan pays: each is given what it pays beyond the most below.

    Where a reward is owed back, each owes what their own plan makes them owe beyond the most below.
    """
    best, found = NOTHING, []
    for own in owns:
        beyond = own > best >= 0 or own < best <= 0
        found.append(own - best if beyond else NOTHING)
        best = own if beyond else best
    return found


def cascade(levels: Cascade, base: Decimal, count: int) -> list[Decimal]:
    """Share by handing on: the uppermost keeps what came up."""
    left, found = base, []
    for place in range(count - 1):
        percent = levels.shares[min(place, len(levels.shares) - 1)]
        handed = cut(left * percent.scaleb(-2))
        found.append(left - handed)
        left = handed
    return [*found, left]


def by_place(levels: Pot | Percent, base: Decimal, places: Sequence[int]) -> list[Decimal]:
    """Share in percents by place; a place not above all below is given nothing."""
    last, found = -1, []
    for place in places:
        since = last + 1 if levels.unspent == "up" else place
        percent = sum(levels.percents[since : place + 1], NOTHING) if place > last else NOTHING
        found.append(cut(base * percent.scaleb(-2)))
        last = max(place, last)
    return found


def added(levels: Added, base: Decimal, lots: Decimal, count: int) -> list[Decimal]:
    """Share by paying those above on top, as far as there is something left of the most for so many lots."""
    left, found = cut(levels.most * lots), []
    for level in range(count):
        wanted = base if level == 0 else cut(upper(levels, base, lots, level - 1))
        found.append(min(wanted, left))
        left -= found[-1]
    return found


def upper(levels: Added, base: Decimal, lots: Decimal, place: int) -> Decimal:
    """Return what a level above the direct partner's is to be paid."""
    amount = levels.amounts[place] if place < len(levels.amounts) else NOTHING
    percent = levels.percents[place] if place < len(levels.percents) else NOTHING
    return amount * lots + base * percent.scaleb(-2)
