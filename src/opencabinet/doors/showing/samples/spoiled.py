"""Facts with nothing in them, with money left out, or longer and stranger than anybody likes."""

from collections.abc import Callable
from typing import Any, Final

from opencabinet.doors.showing.samples.money import Answer

MONEY: Final = frozenset(
    {"balance", "credit", "equity", "floating", "margin", "free_margin", "profit", "swap", "commission", "fee", "net"}
    | {"results", "received", "released", "cancelled", "remaining", "withdrawable", "withdrawable_keeping_bonus"}
    | {"amount", "closing_total", "required_lots", "counted_lots", "left_lots", "forecast_at", "comment"}
)
"""What v1 leaves out where money and comments are hidden."""
PERCENT: Final = "0.41"
LONG_NAME: Final = "LONGSYMBOL.with-suffix_and\u202eturned</text><script>alert(1)</script>&amp;"
LONG_TEXT: Final = f"{LONG_NAME} " + "a sentence that does not want to end, " * 20
TEXTS: Final = frozenset({"title", "summary", "comment"})


def emptied(given: Answer) -> Answer:
    """Return facts without any."""
    nothing = {"data": [], "metrics": [], "programmes": [], "trades": 0, "state": "none"}
    return given | {name: value for name, value in nothing.items() if name in given}


def redacted(given: Answer) -> Answer:
    """Return facts as strangers read them where money is hidden: results are told in percent."""
    found = {name: hidden(value) for name, value in given.items() if name not in MONEY or isinstance(value, dict)}
    if "net" in given:
        found["net_percent"] = PERCENT
    if "equity" in given and "balance" in given and "day" not in given:
        found["equity_percent"] = "100.41"
    if "metrics" in given:
        found["metrics"] = [each for each in given["metrics"] if each["unit"] != "money"]
    return found


def hidden(value: Any) -> Any:
    """Return a part of facts as strangers read it."""
    return within(value, redacted)


def stretched(given: Answer) -> Answer:
    """Return facts in which names and texts are too long, and hostile."""
    found = {name: within(value, stretched) for name, value in given.items()}
    found |= dict.fromkeys(TEXTS & given.keys(), LONG_TEXT)
    return found | ({"symbol": LONG_NAME} if given.get("symbol", "").startswith("X") else {})


def within(value: Any, change: Callable[[Answer], Answer]) -> Any:
    """Change what is within a value."""
    if isinstance(value, dict):
        return change(value)
    return [within(each, change) for each in value] if isinstance(value, list) else value
