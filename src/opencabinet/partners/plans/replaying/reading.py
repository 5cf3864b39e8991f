"""Explanations as they are read: plain figures, exact fractions, and nothing taken from what was worked out before."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from fractions import Fraction
from math import floor
from typing import Any, Final

import msgspec

from opencabinet.partners.plans.explanation import FORM, unsealed
from opencabinet.partners.plans.model import BadExplanation

FIGURE: Final = re.compile(r"-?[0-9]{1,250}(?:\.[0-9]{1,250})?(?:E[+-]?[0-9]{1,3})?", re.ASCII)
FINEST: Final = 10**6
MOST: Final = 10**15

Told = Mapping[str, Any]
"""A part of an explanation."""


class Nothing(Exception):  # noqa: N818 - it is named for the fact
    """What is told comes to nothing."""


class Untold(Nothing):
    """The contract of the trade is not told."""


def read(text: str) -> Told:
    """Return an explanation as it was written.

    Raises:
        BadExplanation: if it is none, or was edited.
    """
    try:
        told = msgspec.json.decode(unsealed(text))
    except msgspec.DecodeError as wrong:
        raise BadExplanation from wrong
    if not isinstance(told, dict) or told.get("form") != FORM:
        raise BadExplanation
    if told.get("rounding") != {"places": 6, "to": "down"}:
        raise BadExplanation("It is not rounded as amounts are.")
    return told


def figure(text: object) -> Fraction:
    """Return a figure exactly; what is no figure comes to nothing."""
    if not isinstance(text, str) or not FIGURE.fullmatch(text):
        raise Nothing
    return Fraction(text)


def maybe(told: Told, member: str) -> Fraction | None:
    """Return a figure that may not be told."""
    return None if told.get(member) is None else figure(told[member])


def percent(text: object) -> Fraction:
    """Return a percent as a part of the whole."""
    return figure(text) / 100


def floored(amount: Fraction) -> Fraction:
    """Return an amount in whole millionths, the lower ones; more than any account holds comes to nothing."""
    if abs(amount) >= MOST:
        raise Nothing
    return Fraction(floor(amount * FINEST), FINEST)


def moment(text: str) -> datetime:
    """Return a time."""
    return datetime.fromisoformat(text)


def agree(*, so: bool) -> None:
    """See that what is told does not contradict itself.

    Raises:
        BadExplanation: if it does.
    """
    if not so:
        raise BadExplanation("It contradicts itself.")


class Converting:
    """The exchange rates that are told."""

    def __init__(self, rates: Sequence[Told]) -> None:
        self.rates = {(each["base"], each["quote"]): figure(each["rate"]) for each in rates}
        agree(so=len(self.rates) == len(rates) and not any((quote, base) in self.rates for base, quote in self.rates))

    def __call__(self, amount: Fraction, source: str, target: str) -> Fraction:
        """Return an amount in another currency; where no rate is told it comes to nothing."""
        if source == target:
            return floored(amount)
        if rate := self.rates.get((source, target)):
            return floored(amount * rate)
        if rate := self.rates.get((target, source)):
            return floored(amount / rate)
        raise Nothing
