"""Explanations as a partner sees them: their own level whole, of others no more than their own figures depend on."""

from collections.abc import Mapping
from typing import Any, Final

import msgspec

from opencabinet.partners.rewards import Reward

OF_CLIENTS: Final = frozenset({"trade", "client"})
"""Members that tell of the client: their login is told only if they consented."""
OF_ANYBODY: Final = frozenset({"form", "rounding", "reason"})
OF_THE_PAID: Final = frozenset({"contract", "filters", "levels", "rebate", "rates"})
"""What is told of the plan: to those who are paid by it, and not to whom only something was taken back by it."""
BELOW: Final = frozenset({"level", "currency", "counted_in", "rank", "own", "given", "amount"})
"""What is told of a level below: what it came to, and not whose it is, nor by which plan."""


def seen(explanation: str, reward: Reward, *, named: bool) -> dict[str, Any]:
    """Return what of an explanation the account sees whose reward it is; a client sees what the level paid them by."""
    whole: dict[str, Any] = msgspec.json.decode(explanation)
    found: dict[str, Any] = {}
    paid = reward.login == reward.client or any(theirs(each, reward) for each in whole.get("rungs", ()))
    for name, value in whole.items():
        if name in OF_CLIENTS:
            found[name] = value if named else {**value, "login": None}
        elif name == "rungs":
            found[name] = [rung_of(each, reward) for each in value if paid and each["level"] <= reward.level]
        elif name == "lines":
            found[name] = [each for each in value if theirs(each, reward)]
        elif name in OF_ANYBODY or (paid and name in OF_THE_PAID):
            found[name] = value
    return found


def rung_of(rung: Mapping[str, Any], reward: Reward) -> dict[str, Any]:
    """Return what is told of a level: all of one's own, of others below the figures."""
    if theirs(rung, reward):
        return dict(rung)
    return {name: value for name, value in rung.items() if name in BELOW}


def theirs(told: Mapping[str, Any], reward: Reward) -> bool:
    """Whether a level, or a line, is that of whose reward it is."""
    return bool(told["login"] == reward.login and told["level"] == reward.level)
