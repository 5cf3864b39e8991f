"""Explanations as a partner sees them: their own level whole, of others no more than their own figures depend on."""

from collections.abc import Mapping
from typing import Any, Final

import msgspec

from opencabinet.partners.rewards import Reward

OF_CLIENTS: Final = frozenset({"trade", "client"})
"""Members that tell of the client: their login is told only if they consented."""
OF_ALL: Final = frozenset({"form", "contract", "filters", "levels", "rebate", "rates", "rounding", "reason"})
BELOW: Final = frozenset({"level", "currency", "counted_in", "rank", "own", "given", "amount"})
"""What is told of a level below: what it came to, and not whose it is, nor by which plan."""


def seen(explanation: str, reward: Reward, *, named: bool) -> dict[str, Any]:
    """Return what of an explanation the account sees whose reward it is; a client sees what the level paid them by."""
    whole: dict[str, Any] = msgspec.json.decode(explanation)
    found: dict[str, Any] = {}
    for name, value in whole.items():
        if name in OF_CLIENTS:
            found[name] = value if named else {**value, "login": None}
        elif name == "rungs":
            found[name] = [rung_of(each, reward) for each in value if each["level"] <= reward.level]
        elif name == "lines":
            found[name] = [each for each in value if own(each, reward)]
        elif name in OF_ALL:
            found[name] = value
    return found


def rung_of(rung: Mapping[str, Any], reward: Reward) -> dict[str, Any]:
    """Return what is told of a level: all of one's own, of others below the figures."""
    if rung["level"] == reward.level and rung["login"] == reward.login:
        return dict(rung)
    return {name: value for name, value in rung.items() if name in BELOW}


def own(line: Mapping[str, Any], reward: Reward) -> bool:
    """Whether a line is the reward's own."""
    return bool(line["login"] == reward.login and line["level"] == reward.level and line["kind"] == reward.kind)
