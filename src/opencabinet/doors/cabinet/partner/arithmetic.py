"""The arithmetic of a reward as people read it: each part of a plan as a line, with its figures."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from msgspec import Struct

from opencabinet.doors.showing.definitions.cells import foreign
from opencabinet.doors.wording import Words, marked

Told = Mapping[str, Any]
PARTS: Final[Mapping[str, str]] = {
    "per_lot": marked("Money for each lot"),
    "pips": marked("Worth of some pips"),
    "spread_share": marked("Share of the average spread"),
    "commission_share": marked("Share of the client's commission"),
    "markup": marked("Share of the mark-up"),
    "revenue_share": marked("Share of what the house made"),
}
FAMILIES: Final[Mapping[str, str]] = {
    "difference": marked("Each level is given what its plan pays more than those below."),
    "cascade": marked("Each level hands on a share of what came to it."),
    "added": marked("Levels above are paid on top, up to a most for each lot."),
    "pot": marked("One pot is divided by rank."),
    "percent": marked("Each rank is given its percent."),
}
WHY: Final[Mapping[str, str]] = {
    "closed": marked("The trade closed."),
    "corrected": marked("The trade was corrected."),
    "removed": marked("The trade was removed."),
    "reworked": marked("It was worked out again."),
    "recalculated": marked("It was worked out again."),
    "qualified": marked("The client did what the plan pays for once."),
}
WHOLE: Final = Decimal(100)


class Line(Struct, frozen=True, kw_only=True):
    """A part of a plan: what it is, and the product that it comes to."""

    title: str
    sum: str
    step: str = ""


class Rung(Struct, frozen=True, kw_only=True):
    """A level: by which version of which plan, its parts, what its own plan pays, what it was given, and the amount."""

    level: int
    plan: str | None
    version: int | None
    lines: tuple[Line, ...]
    own: str
    given: str
    amount: str


def rungs(words: Words, explanation: Told) -> list[Rung]:
    """Return the levels that were worked out, the lowest first."""
    return [rung(words, each, explanation) for each in explanation.get("rungs", ())]


def rung(words: Words, told: Told, explanation: Told) -> Rung:
    """Return a level."""
    counted_in = str(told.get("counted_in", ""))
    return Rung(
        level=told["level"],
        plan=None if told.get("plan") is None else foreign(told["plan"]),
        version=told.get("version"),
        lines=tuple(line(words, each, counted_in, explanation) for each in told.get("parts", ())),
        own=money(words, told.get("own"), counted_in),
        given=money(words, told.get("given"), counted_in),
        amount=money(words, told.get("amount"), str(told.get("currency", ""))),
    )


def line(words: Words, part: Told, currency: str, explanation: Told) -> Line:
    """Return a part of a plan as a product."""
    factors = [*first(words, part, currency, explanation), *shares(words, part)]
    if "most" in part:
        limit = words.gettext("at most %(most)s a lot") % {"most": money(words, part["most"], currency)}
        factors.append(f"({limit})")
    return Line(
        title=words.gettext(PARTS[part["kind"]]) if part["kind"] in PARTS else foreign(part["kind"]),
        sum=" × ".join(factors),
        step=step(words, part),
    )


def first(words: Words, part: Told, currency: str, explanation: Told) -> Iterator[str]:
    """Give what a part is counted by: lots, a move of the price, or what somebody paid."""
    trade, contract = explanation["trade"], explanation.get("contract", {})
    lots = words.gettext("%(lots)s lots") % {"lots": number(words, trade["lots"])}
    match part:
        case {"rate": rate}:
            yield money(words, rate, currency)
            yield lots
        case {"pips": pips}:
            yield words.gettext("%(number)s pips") % {"number": number(words, pips)}
            yield from worth(words, contract, "pip_value")
            yield lots
        case {"points": points} if part["kind"] != "revenue_share":
            yield words.gettext("%(number)s points") % {"number": number(words, points)}
            yield lots
        case {"kind": "commission_share"}:
            yield money(words, str(-Decimal(trade["commission"])), trade["currency"])
        case _:
            yield words.gettext("result for the house")


def worth(words: Words, contract: Told, name: str) -> Iterator[str]:
    """Give what a pip of a lot is worth, where that is known."""
    if contract.get(name) is not None:
        value = money(words, contract[name], str(contract.get("currency") or ""))
        yield words.gettext("%(value)s a pip and lot") % {"value": value}


def shares(words: Words, part: Told) -> Iterator[str]:
    """Give the percents that are paid, but for a whole."""
    for name in ("percent", "share"):
        if name in part and Decimal(part[name]) != WHOLE:
            yield words.percent(Decimal(part[name]))


def step(words: Words, part: Told) -> str:
    """Say from how many lots of the month on, or up to how many, a rate holds."""
    since, below = part.get("reached"), part.get("below")
    if since is None and below is None:
        return ""
    span = {"since": number(words, since or "0"), "below": number(words, below) if below is not None else "∞"}
    return words.gettext("the rate for %(since)s to %(below)s lots a month") % span


def money(words: Words, value: Any, currency: str) -> str:
    """Write money as exactly as it was worked out."""
    if value is None:
        return "–"
    text = words.number(Decimal(value), least=2)
    return f"{text}\u00a0{foreign(currency)}" if currency else text


def number(words: Words, value: Any) -> str:
    """Write a figure."""
    return words.number(Decimal(value))


def rates(words: Words, explanation: Told) -> Sequence[str]:
    """Return the rates of currencies that were used, as they were told."""
    return [
        f"1 {foreign(each['base'])} = {number(words, each['rate'])} {foreign(each['quote'])}"
        for each in explanation.get("rates", ())
    ]
