"""The first programmes, as the papers show them, and what a bonus is made of."""

import re
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from opencabinet.bonuses import Programme, rules
from opencabinet.kernel.ids import Login, Ticket
from opencabinet.ledger import Movement
from tests import make

PAPER = Path(__file__).parents[2] / "docs" / "do" / "bonus-programmes.md"
TOML = re.search(r"```toml\n(.*?)```", PAPER.read_text("utf-8"), re.DOTALL)
assert TOML is not None
FIRST = {each.name: each for each in rules.read(TOML[1].encode())}
SMALL, LARGE = FIRST["bonus-30"], FIRST["bonus-55"]
START = make.NOW - timedelta(days=100)


def day(number: float) -> datetime:
    """Give a moment so many days after the start."""
    return START + timedelta(days=number)


def moved(ticket: int, days: float, amount: str, comment: str = "55% bonus", **given: Any) -> Movement:
    """Make a credit row, of a bonus of 55 % unless something else is said."""
    usual: dict[str, Any] = {"login": Login(1), "kind": "credit", "moved_offset": 0}
    told = {"ticket": Ticket(ticket), "amount": Decimal(amount), "moved_at": day(days), "comment": comment}
    return Movement(**usual | told | given)


def money(ticket: int, days: float, amount: str, **given: Any) -> Movement:
    """Make a deposit or withdrawal."""
    return moved(ticket, days, amount, "Deposit", kind="balance", **given)


def programme(**given: Any) -> Programme:
    """Make a programme that claims credit by the word Gift."""
    usual: dict[str, Any] = {
        "name": "gift",
        "title": "Gift",
        "comments": ("Gift",),
        "lots_per_unit": Decimal(1),
        "factors": {"USD": Decimal(1)},
    }
    return Programme(**usual | given)
