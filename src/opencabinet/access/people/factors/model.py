"""Second factors, what proves that somebody has one, and the site they are bound to."""

from datetime import datetime, timedelta
from typing import Final

from msgspec import Struct

from opencabinet.kernel.problem import Conflict, Malformed, Unknown

MOST_PASSKEYS: Final = 10
LONGEST_NAME: Final = 64
LONGEST_ANSWER: Final = 16 * 1024
CHALLENGE_BYTES: Final = 64
CHALLENGE: Final = timedelta(minutes=5)


class FactorMissing(Unknown):
    """There is no such second factor."""


class NothingToConfirm(Conflict):
    """No authenticator app waits for its first code: begin again."""


class PasskeyKnown(Conflict):
    """The passkey is registered already, or there are ten of them."""


class BadPasskeyName(Malformed):
    """A passkey is named by 1 to 64 letters."""


class Site(Struct, frozen=True):
    """The cabinet's web site, which passkeys are bound to: its origin, its domain, and its name."""

    origin: str
    domain: str
    name: str = "OpenCabinet"


class Enrolment(Struct, frozen=True):
    """The secret of an authenticator app, shown once: as text, and as the address that a picture of it holds."""

    secret: str
    address: str

    def __repr__(self) -> str:
        return "Enrolment(***)"


class Passkey(Struct, frozen=True, kw_only=True):
    """A key that a person's device keeps."""

    id: bytes
    person: int
    public_key: bytes
    sign_count: int
    name: str
    transports: list[str]
    created_at: datetime | None = None
    used_at: datetime | None = None


class Ways(Struct, frozen=True, kw_only=True):
    """In which ways a person can prove who they are, beside the password."""

    app: bool
    passkeys: int
    codes: int
    """Recovery codes that are unused."""

    @property
    def any(self) -> bool:
        """Whether there is a second factor; recovery codes only stand in for one."""
        return self.app or self.passkeys > 0


class Proof(Struct, frozen=True):
    """What somebody shows to prove who they are."""

    def __repr__(self) -> str:
        return f"{type(self).__name__}(***)"


class PasswordProof(Proof, frozen=True):
    """The password, where no second factor is."""

    password: str

    __repr__ = Proof.__repr__


class AppCode(Proof, frozen=True):
    """The code that an authenticator app shows now."""

    code: str

    __repr__ = Proof.__repr__


class RecoveryCode(Proof, frozen=True):
    """One of the codes that were printed for the day when the second factor is lost."""

    code: str

    __repr__ = Proof.__repr__


class PasskeyAnswer(Proof, frozen=True):
    """What a passkey signed, as the browser gives it: JSON."""

    site: Site
    answer: str

    __repr__ = Proof.__repr__
