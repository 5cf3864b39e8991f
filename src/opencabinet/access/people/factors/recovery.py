"""Recovery codes: ten, each good once, shown once."""

import hmac
import secrets
from typing import Final

CODES: Final = 10
LETTERS: Final = "abcdefghjkmnpqrstuvwxyz023456789"
"""Those that nobody takes for another."""
LENGTH: Final = 24
GROUP: Final = 4
LONGEST: Final = 64


def make() -> str:
    """Return a new code of 120 bits, in groups of four letters."""
    letters = "".join(secrets.choice(LETTERS) for _ in range(LENGTH))
    return "-".join(letters[place : place + GROUP] for place in range(0, LENGTH, GROUP))


def hashed(key: bytes, code: str) -> bytes:
    """Return what a code is kept as, however it was typed; it holds too much chance to need a slow hash."""
    letters = "".join(letter for letter in code[:LONGEST].lower() if letter in LETTERS)
    return hmac.digest(key, letters.encode(), "sha256")
