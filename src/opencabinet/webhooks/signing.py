"""Secrets of webhooks, and what is signed with them: Standard Webhooks, symmetric (`v1`)."""

import base64
import hmac
import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from opencabinet.kernel.ids import Login
from opencabinet.kernel.sealing import seal, unseal

PREFIX: Final = "whsec_"
SECRET_BYTES: Final = 32


def new_secret() -> bytes:
    """Return a new secret of 256 bits."""
    return secrets.token_bytes(SECRET_BYTES)


def shown(secret: bytes) -> str:
    """Return a secret as libraries that verify take it."""
    return PREFIX + base64.b64encode(secret).decode()


def sealed(key: bytes, login: Login, secret: bytes) -> bytes:
    """Return a secret as it is kept: nobody reads it without the key file, nor gives it to another account."""
    return seal(key, secret, owner(login))


def opened(key: bytes, login: Login, kept: bytes) -> bytes | None:
    """Return a secret that was sealed for this account, or None if the key, the account or the secret is another."""
    return unseal(key, kept, owner(login))


def owner(login: Login) -> bytes:
    """Return what binds a sealed secret to an account."""
    return f"webhook of {login}".encode()


def signed(known: Sequence[bytes], event: str, at: datetime, body: bytes) -> dict[str, str]:
    """Return the headers that let a receiver verify a body, with a signature by each secret, the newest first."""
    seconds = str(int(at.timestamp()))
    content = b".".join((event.encode(), seconds.encode(), body))
    marks = (base64.b64encode(hmac.digest(secret, content, "sha256")).decode() for secret in known)
    return {
        "webhook-id": event,
        "webhook-timestamp": seconds,
        "webhook-signature": " ".join(f"v1,{mark}" for mark in marks),
    }
