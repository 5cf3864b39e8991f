"""People: who they are, and why they are not let in."""

import unicodedata
from datetime import datetime
from typing import Final

from msgspec import Struct

from opencabinet.kernel.problem import Conflict, Malformed, Refused, Unknown

LONGEST_EMAIL: Final = 254
LONGEST_NAME: Final = 128
NOBODYS: Final = ""
"""An e-mail address that nobody can have."""


class SignInRefused(Refused):
    """The e-mail address or the password is wrong."""


class ProofRefused(Refused):
    """This does not prove who you are."""


class SessionEnded(Refused):
    """The session has ended: sign in again."""


class StepUpNeeded(Refused):
    """Prove once more who you are: this needs a proof of the last five minutes."""


class CodeRefused(Refused):
    """The code is unknown, used or expired."""


class NoSuchPerson(Unknown):
    """There is no such person."""


class BadEmail(Malformed):
    """This is no e-mail address."""


class BadName(Malformed):
    """A name has up to 128 letters, and no line breaks."""


class EmailTaken(Conflict):
    """Somebody has this e-mail address already."""


class OtherOwner(Conflict):
    """The account is somebody else's."""


class PasswordUsedElsewhere(Malformed):
    """The password is the API password of an account, or looks like a secret that we make: choose another."""


class PasswordLeans(Conflict):
    """The password is too short to stand alone: set one of 15 characters or more before the last factor goes."""


class Person(Struct, frozen=True, kw_only=True):
    """Somebody who signs in at the cabinet."""

    id: int
    email: str
    name: str
    has_password: bool
    leans: bool
    """Whether the password is so short that it needs a second factor beside it."""
    has_factor: bool
    created_at: datetime


class Held(Struct, frozen=True, kw_only=True):
    """What a sign-in is checked against."""

    person: int
    email: str
    password: str | None
    password_set_at: datetime | None
    has_factor: bool

    def __repr__(self) -> str:
        return f"Held(person={self.person})"


def folded(email: str) -> str:
    """Return an e-mail address as it is kept and looked up.

    Raises:
        BadEmail: if it is none.
    """
    kept = unicodedata.normalize("NFC", email[: LONGEST_EMAIL + 1].strip().lower())
    name, at, host = kept.rpartition("@")
    if not (name and at and host) or len(kept) > LONGEST_EMAIL or not kept.isprintable() or " " in kept:
        raise BadEmail
    return kept


def asked(email: str) -> str:
    """Return an e-mail address as it is looked up, nobody's if it is none."""
    try:
        return folded(email)
    except BadEmail:
        return NOBODYS


def fit_name(name: str) -> str:
    """Return a name as it is kept.

    Raises:
        BadName: if it is none.
    """
    kept = unicodedata.normalize("NFC", name[: LONGEST_NAME + 1].strip())
    if len(kept) > LONGEST_NAME or not kept.isprintable():
        raise BadName
    return kept
