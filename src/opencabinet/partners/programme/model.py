"""The nouns of the programme: partners, their codes, and what holds from when on."""

import re
import secrets
from datetime import datetime
from typing import Final, Literal

from msgspec import Struct

from opencabinet.kernel.ids import Login
from opencabinet.kernel.problem import Conflict, Malformed, Unknown

State = Literal["active", "suspended", "left"]
CODE: Final = re.compile(r"[A-Z][A-Z0-9]{2,15}", re.ASCII)
LETTERS: Final = "ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Those that nobody takes for a figure."""
LETTERS_OF_A_CODE: Final = 5


class BadCode(Malformed):
    """A code has 3 to 16 Latin letters and digits, and begins with a letter."""


class CodeTaken(Conflict):
    """The code is another's, or was."""


class NoSuchCode(Unknown):
    """There is no such code."""


class NoSuchPartner(Unknown):
    """The account is no partner."""


class NotYet(Malformed):
    """An account is a partner from now on, or has been one: not from a moment that is yet to come."""


class OtherPartner(Conflict):
    """The account is a partner already."""


class TreeLoop(Conflict):
    """The partner would come to be below themselves."""


class OwnPartner(Conflict):
    """Somebody would come to be above the partner whose client they are, and be paid for trades of their own."""


class TooDeep(Conflict):
    """There would be more levels than are paid."""


class TooEarly(Conflict):
    """What holds from then on was said already: what was is not changed."""


class Partner(Struct, frozen=True, kw_only=True):
    """An account that refers others."""

    login: Login
    state: State
    enrolled_at: datetime


class Listed(Struct, frozen=True, kw_only=True):
    """A partner in a list: the account's name, the partner above (None for nobody) and the plan followed now."""

    login: Login
    name: str
    state: State
    enrolled_at: datetime
    parent: Login | None
    plan: str | None


class PartnerCode(Struct, frozen=True, kw_only=True):
    """What names a partner, or a link of theirs; one that is retired is never given again."""

    code: str
    login: Login
    link: int | None
    given_at: datetime
    retired_at: datetime | None


class Dated(Struct, frozen=True, kw_only=True):
    """What holds of a partner from a moment on: the login of the one above, or the name of a plan."""

    login: Login
    since: datetime
    value: int | str | None


class Standing(Struct, frozen=True, kw_only=True):
    """Where a partner stands at a moment: how many levels down (1: below nobody), and how many are directly below.

    `plan` is the one that was chosen for them, None where the usual one holds.
    """

    level: int
    sub_partners: int
    plan: str | None


def read_code(text: str) -> str:
    """Return a code as it is kept: letters are large, whatever was typed.

    Raises:
        BadCode: if it is none.
    """
    code = text.upper() if text.isascii() else ""
    if not CODE.fullmatch(code):
        raise BadCode
    return code


def new_code() -> str:
    """Make a code by chance."""
    return "".join(secrets.choice(LETTERS) for _ in range(LETTERS_OF_A_CODE))
