"""Making, hashing and recognising secrets. None is stored; only what they hash to."""

import hashlib
import hmac
import secrets
import string
import zlib
from typing import Final

from opencabinet.access.model import Kind

ALPHABET: Final = string.digits + string.ascii_letters
LETTERS: Final = frozenset(ALPHABET)
PASSWORD_LETTERS: Final = 26
CHECK_LETTERS: Final = 6
PREFIX: Final = "ccp_"
TICKET: Final = "cct_"
TOKEN_LETTERS: Final = 43
PREFIXES: Final = {
    Kind.BEARER: "ccb_",
    Kind.REFRESH: "ccr_",
    Kind.SERVER: "ccs_",
    Kind.PUBLISHABLE: "cck_",
    Kind.FEED: "ocf_",
}
"""How credentials begin, but for those of the legacy wire."""
LONGEST: Final = 1024


def make_password(choose: bytes | None = None) -> str:
    """Return a new API password: `ccp_`, 26 base-62 letters (154 bits) and 6 that check them.

    `choose` replaces chance by a seed, for accounts whose password everybody may know.
    """
    if choose:
        letters = "".join(ALPHABET[byte % len(ALPHABET)] for byte in hashlib.shake_256(choose).digest(PASSWORD_LETTERS))
    else:
        letters = "".join(secrets.choice(ALPHABET) for _ in range(PASSWORD_LETTERS))
    return checked(PREFIX + letters)


def generated(password: str) -> bool:
    """Whether a password has the form of those that are made here, its check letters right."""
    return formed(password, PREFIX, PASSWORD_LETTERS)


def formed(secret: str, prefix: str, letters: int) -> bool:
    """Whether a secret has a prefix, so many letters, and the six that check them."""
    bare = secret[:-CHECK_LETTERS]
    return (
        len(bare) == len(prefix) + letters
        and bare.startswith(prefix)
        and set(bare[len(prefix) :]) <= LETTERS
        and checked(bare) == secret
    )


def checked(secret: str) -> str:
    """Return a secret with its CRC-32 in six base-62 letters behind it, so that scanners recognise a leaked one."""
    rest = zlib.crc32(secret.encode())
    out = ""
    for _ in range(CHECK_LETTERS):
        rest, digit = divmod(rest, len(ALPHABET))
        out = ALPHABET[digit] + out
    return secret + out


def hash_password(pepper: bytes, password: str) -> bytes:
    """Return what an API password is stored as: HMAC-SHA-256, as a secret of 154 bits needs no slow hash."""
    return hmac.digest(pepper, password[:LONGEST].encode("utf-8", "surrogatepass"), "sha256")


def make_token(kind: Kind) -> str:
    """Return a new token of 256 random bits.

    A legacy one is 64 lower-case hex digits; others have a prefix, 43 base-62 letters, and 6 that check them.
    """
    if kind is Kind.LEGACY:
        return secrets.token_hex(32)
    letters = "".join(secrets.choice(ALPHABET) for _ in range(TOKEN_LETTERS))
    return checked(PREFIXES[kind] + letters)


def make_ticket() -> str:
    """Return a new ticket of 256 random bits: `cct_`, 43 base-62 letters, and 6 that check them."""
    return checked(TICKET + "".join(secrets.choice(ALPHABET) for _ in range(TOKEN_LETTERS)))


def kind_of(shown: str | None) -> Kind:
    """Return what is shown as `Authorization: Bearer …`, by its prefix; what has none of them is good for nothing."""
    text = shown or ""
    kinds = (Kind.SERVER, Kind.PUBLISHABLE, Kind.FEED)
    return next((kind for kind in kinds if text.startswith(PREFIXES[kind])), Kind.BEARER)


def hash_token(token: str) -> bytes:
    """Return what a token is stored as."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()
