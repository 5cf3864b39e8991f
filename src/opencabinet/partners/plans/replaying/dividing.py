"""Who is given what, by the way of sharing that an explanation tells."""

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise

from opencabinet.partners.plans.replaying.reading import Told, figure, floored, percent

NONE = Fraction(0)


def divided(levels: Told, owns: Sequence[Fraction], lots: Fraction | None, rungs: Sequence[Told]) -> list[Fraction]:
    """Return what falls to each level, in the currency of the direct partner's plan."""
    family, base, count = levels["family"], owns[0], len(owns)
    if family == "difference":
        return beyond(owns)
    if family == "cascade":
        return handed_on(levels["shares"], base, count)
    if family == "added":
        return on_top(levels, base, lots, count)
    if family in {"pot", "percent"}:
        return by_rank(levels, base, [rung.get("rank", rung["level"]) for rung in rungs])
    raise ValueError(family)


def beyond(owns: Sequence[Fraction]) -> list[Fraction]:
    """Return what each level's plan pays more than all below; of the first that pays or owes the others follow suit."""
    sign = next((1 if own > 0 else -1 for own in owns if own), 1)
    highest = [max([NONE, *(sign * own for own in owns[:level])]) for level in range(len(owns) + 1)]
    return [sign * (above - below) for below, above in pairwise(highest)]


def handed_on(shares: Sequence[str], base: Fraction, count: int) -> list[Fraction]:
    """Return what each keeps of what came up to them."""
    came = [base]
    for level in range(count - 1):
        came.append(floored(came[-1] * percent(shares[level] if level < len(shares) else shares[-1])))
    return [each - above for each, above in zip(came, [*came[1:], NONE], strict=True)]


def by_rank(levels: Told, base: Fraction, ranks: Sequence[int]) -> list[Fraction]:
    """Return the percents of each rank; one that is not above all below has none."""
    percents, found = [percent(each) for each in levels["percents"]], []
    for level, rank in enumerate(ranks):
        below = max(ranks[:level], default=-1)
        held = [each for each in range(len(percents)) if below < each <= rank]
        if levels["unspent"] == "house":
            held = [each for each in held if each == rank]
        found.append(floored(base * sum((percents[each] for each in held), NONE)))
    return found


def on_top(levels: Told, base: Fraction, lots: Fraction | None, count: int) -> list[Fraction]:
    """Return the direct partner's own, and what those above are paid until the most for the lots is reached."""
    if lots is None:
        return [base, *[NONE] * (count - 1)]
    wanted, room = [base], floored(figure(levels["most"]) * lots)
    for place in range(count - 1):
        amount = figure(levels["amounts"][place]) if place < len(levels["amounts"]) else NONE
        share = percent(levels["percents"][place]) if place < len(levels["percents"]) else NONE
        wanted.append(floored(amount * lots + base * share))
    found: list[Fraction] = []
    for each in wanted:
        found.append(min(each, room - sum(found, NONE)))
    return found
