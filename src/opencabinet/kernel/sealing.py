"""Sealing what is kept (AES-GCM): nobody reads it without its key, nor passes it off as another owner's."""

import secrets
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NONCE_BYTES: Final = 12


def seal(key: bytes, plain: bytes, owner: bytes) -> bytes:
    """Return something as it is kept: a nonce, and behind it what only the key of 32 bytes and this owner open."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, plain, owner)


def unseal(key: bytes, kept: bytes, owner: bytes) -> bytes | None:
    """Return what was sealed, or None if the key, the owner or what is kept is another."""
    try:
        return AESGCM(key).decrypt(kept[:NONCE_BYTES], kept[NONCE_BYTES:], owner)
    except (InvalidTag, ValueError):
        return None
