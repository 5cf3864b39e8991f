"""Who is asked about: the logins of the bench, what they are for, and the tokens that open them."""

import hashlib
from typing import Final

FIRST: Final = 1_000_001
"""The first login; the accounts of all sizes come before the ordinary ones."""
SMALL: Final = FIRST
"""Has a thousand trades, as long a history as the large ones, and everything else that they have."""
LARGE: Final = (FIRST + 1, FIRST + 2, FIRST + 3)
"""Have a million trades each."""
ORDINARY: Final = FIRST + 4
"""From here on accounts are as most are."""
OPEN: Final = ORDINARY + 1
"""Everybody may read it. Every second ordinary account is like it."""
CLOSED: Final = ORDINARY
"""Only who shows its token may read it. Every second ordinary account is like it."""
SERVER: Final = "Bench-1"


def passkey(login: int) -> str:
    """Return the token of the legacy wire that opens an account."""
    return hashlib.sha256(f"passkey {login}".encode()).hexdigest()


def bearer(login: int) -> str:
    """Return the token of v1 that opens an account."""
    return f"ccb_{hashlib.sha256(f'bearer {login}'.encode()).hexdigest()}"


def kept(token: str) -> bytes:
    """Return what a token is stored as."""
    return hashlib.sha256(token.encode()).digest()


def is_open(login: int) -> bool:
    """Whether everybody may read an account."""
    return login >= ORDINARY and (login - ORDINARY) % 2 == 1
