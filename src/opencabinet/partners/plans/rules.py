"""Plans as the operator writes them: a TOML file with a table `[[plans]]` for each, or the same as JSON."""

import tomllib
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from typing import Annotated, Final

import msgspec
from msgspec import Meta, Struct

from opencabinet.partners.plans.model import BadPlan
from opencabinet.partners.plans.plan import Plan

LARGEST: Final = 2**20
"""Bytes of a file, at most."""
MOST: Final = 200
"""Plans of a file, at most."""
LONGEST: Final = 65_536
"""Characters of a plan as it is kept, at most."""


class File(Struct, frozen=True, forbid_unknown_fields=True):
    """What a file holds."""

    plans: Annotated[tuple[Plan, ...], Meta(max_length=MOST)]


def read(content: bytes) -> tuple[Plan, ...]:
    """Return the plans that a file holds.

    Raises:
        BadPlan: for a file with a bad plan; it says which, and which member of it.
    """
    if len(content) > LARGEST:
        raise BadPlan(f"It has more than {LARGEST // 2**20} MiB.")
    try:
        found = parsed(content).plans
    except (ValueError, InvalidOperation, RecursionError, msgspec.MsgspecError) as wrong:
        raise BadPlan(f"It is no file of plans: {wrong}") from wrong
    names = [plan.name for plan in found]
    if twice := next((name for name in names if names.count(name) > 1), None):
        raise BadPlan(f"The plan {twice!r} is there twice.")
    for plan in found:
        fitting(plan)
    return found


def parsed(content: bytes) -> File:
    """Return what a file says: JSON begins with a brace, which TOML never does."""
    if content.lstrip().startswith(b"{"):
        return msgspec.json.decode(content, type=File)
    return msgspec.convert(tomllib.loads(content.decode(), parse_float=Decimal), File)


def written(plans: Sequence[Plan]) -> bytes:
    """Return plans as a file of JSON, which can be read again."""
    return msgspec.json.encode({"plans": plans})


def fitting(plan: Plan) -> str:
    """Return a plan as it is kept.

    Raises:
        BadPlan: if it is too long for that.
    """
    text = msgspec.json.encode(plan).decode()
    if len(text) + text.count(",") + text.count(":") > LONGEST:  # the database puts a space behind each of these
        raise BadPlan(f"The plan {plan.name!r} has more than {LONGEST} characters.")
    return text
