"""Making, hashing and recognising secrets. None is stored; only what they hash to."""

import hashlib
import hmac
import secrets
import string
import zlib
from typing import Final

ALPHABET: Final = string.digits + string.ascii_letters
PASSWORD_LETTERS: Final = 26
CHECK_LETTERS: Final = 6
PREFIX: Final = "ccp_"
LONGEST: Final = 1024


def make_password(choose: bytes | None = None) -> str:
    """Return a new API password: `ccp_`, 26 base-62 letters (154 bits) and 6 that check them.

    `choose` replaces chance by a seed, for accounts whose password everybody may know.
    """
    if choose:
        letters = "".join(ALPHABET[byte % len(ALPHABET)] for byte in hashlib.shake_256(choose).digest(PASSWORD_LETTERS))
    else:
        letters = "".join(secrets.choice(ALPHABET) for _ in range(PASSWORD_LETTERS))
    return PREFIX + letters + check(letters)


def check(letters: str) -> str:
    """Return the CRC-32 of `letters` in six base-62 letters, so that scanners recognise a leaked secret."""
    rest = zlib.crc32((PREFIX + letters).encode())
    out = ""
    for _ in range(CHECK_LETTERS):
        rest, digit = divmod(rest, len(ALPHABET))
        out = ALPHABET[digit] + out
    return out


def hash_password(pepper: bytes, password: str) -> bytes:
    """Return what an API password is stored as: HMAC-SHA-256, as a secret of 154 bits needs no slow hash."""
    return hmac.digest(pepper, password[:LONGEST].encode("utf-8", "surrogatepass"), "sha256")


def make_token() -> str:
    """Return a new token: 256 random bits as 64 lower-case hex digits."""
    return secrets.token_hex(32)


def hash_token(token: str) -> bytes:
    """Return what a token is stored as."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()
