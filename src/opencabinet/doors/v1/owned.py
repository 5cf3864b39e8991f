"""Ids of what is one account's alone: they name the account, and then a number of its own."""

import re
from typing import Annotated, Final

from msgspec import Meta

from opencabinet.doors import gate
from opencabinet.doors.v1.operation import Call

NUMBER: Final = re.compile(r"[0-9]{1,18}", re.ASCII)
Id = Annotated[str, Meta(pattern=r"^[a-z]{3}(_[0-9]{1,19}){2}$", description="What it is, whose, and its number.")]


def spelled(prefix: str, login: int, number: int) -> str:
    """Return the id of something of an account."""
    return f"{prefix}_{login}_{number}"


def owned(call: Call, prefix: str) -> int:
    """Return the number in the id that a path names; it is of the path's own account.

    Raises:
        NoSuchPath: if it is no id of this kind, or of another account.
    """
    head, _, number = str(call.request.path_params["id"]).rpartition("_")
    if head != f"{prefix}_{call.login}" or not NUMBER.fullmatch(number):
        raise gate.NoSuchPath("There is no such id here.")
    return int(number)
