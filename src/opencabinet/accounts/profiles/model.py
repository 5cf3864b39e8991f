"""The particulars of a person. All are as the operator tells them; none is checked against a document here."""

import hmac
import re
from typing import Final, Literal, get_args

from msgspec import Struct

from opencabinet.kernel.ids import Login
from opencabinet.kernel.problem import Malformed

AccountType = Literal["Standard", "Eurica", "StandardEUR", "StandardRUR", "EuricaEUR", "EuricaRUR"]
PHONE: Final = re.compile(r"\+?[0-9]([0-9 ()./-]*[0-9])?", re.ASCII)
FEWEST_DIGITS, MOST_DIGITS = 4, 20
LONGEST: Final = 200
HIGHEST_LEVEL: Final = 9
PURPOSE: Final = b"phone:"
HASH_BYTES: Final = 16


class BadProfile(Malformed):
    """A particular of a person is not what it should be."""


class Profile(Struct, frozen=True, kw_only=True):
    """The person behind an account; what nobody told is empty. `verification_level` is 0 to 9."""

    login: Login
    phone: str = ""
    country: str = ""
    city: str = ""
    address: str = ""
    zip_code: str = ""
    account_type: AccountType = "Standard"
    swap_free: bool = False
    verification_level: int = 0

    def __repr__(self) -> str:
        return f"Profile({self.login}, ***)"

    @property
    def digits(self) -> str:
        """The digits of the phone number, without what people put between them."""
        return re.sub(r"[^0-9]", "", self.phone)

    @property
    def last_four(self) -> str | None:
        """The last four digits of the phone number, or None if none is known."""
        return self.digits[-FEWEST_DIGITS:] or None

    def hashed_phone(self, secret: bytes) -> str:
        """Return 32 hexadecimal digits that stand for the phone number: half an HMAC-SHA-256 under `secret`.

        Without the secret nobody can try out numbers. It is empty if no number is known.
        """
        if not self.digits:
            return ""
        return hmac.digest(secret, PURPOSE + self.digits.encode(), "sha256")[:HASH_BYTES].hex()

    def check(self) -> None:
        """Refuse particulars that cannot be right.

        Raises:
            BadProfile: for the first one.
        """
        for name in ("phone", "country", "city", "address", "zip_code"):
            text = getattr(self, name)
            if len(text) > LONGEST or not text.isprintable():
                raise BadProfile(f"The {name.replace('_', ' ')} is a text of at most {LONGEST} printable characters.")
        if self.phone and not (PHONE.fullmatch(self.phone) and FEWEST_DIGITS <= len(self.digits) <= MOST_DIGITS):
            raise BadProfile(f"A phone number has {FEWEST_DIGITS} to {MOST_DIGITS} digits, such as +49 30 1234567.")
        if self.account_type not in get_args(AccountType):
            raise BadProfile(f"The type of an account is one of {', '.join(get_args(AccountType))}.")
        if not 0 <= self.verification_level <= HIGHEST_LEVEL:
            raise BadProfile(f"The verification level is a whole number from 0 to {HIGHEST_LEVEL}.")
