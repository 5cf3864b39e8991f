"""Authenticator apps: six digits, new every 30 seconds. A code is good for its step and the next, and once."""

import base64
import hmac
import re
import secrets
from typing import Final

import pyotp

from opencabinet.access.people.factors.model import Enrolment
from opencabinet.kernel.sealing import seal, unseal

STEP_SECONDS: Final = 30
SECRET_BYTES: Final = 20
CODE: Final = re.compile(r"[0-9]{6}")
SPACED: Final = 16
ISSUER: Final = "OpenCabinet"


def enrolment(secret: bytes, email: str, issuer: str = ISSUER) -> Enrolment:
    """Return what an authenticator app is told."""
    text = base64.b32encode(secret).decode()
    return Enrolment(text, pyotp.TOTP(text, interval=STEP_SECONDS).provisioning_uri(name=email, issuer_name=issuer))


def new_secret() -> bytes:
    """Return a new secret of 160 bits."""
    return secrets.token_bytes(SECRET_BYTES)


def step_of(secret: bytes, shown: str, clock: int) -> int | None:
    """Return which step a code is of, if it is of the one at `clock` or the one before; always the same work."""
    code = shown[:SPACED].replace(" ", "")
    app = pyotp.TOTP(base64.b32encode(secret).decode(), interval=STEP_SECONDS)
    now = clock // STEP_SECONDS
    right = [step for step in (now, now - 1) if equal(app.generate_otp(step), code)]
    return right[0] if right and CODE.fullmatch(code) else None


def code(secret: str) -> str:
    """Return the code that an app with a secret, in base 32, shows now."""
    return pyotp.TOTP(secret, interval=STEP_SECONDS).now()


def equal(code: str, shown: str) -> bool:
    """Whether two codes are the same, in a time that does not tell how much of them is."""
    return hmac.compare_digest(code.encode(), shown.encode("utf-8", "surrogatepass"))


def sealed(key: bytes, person: int, secret: bytes) -> bytes:
    """Return a secret as it is kept: nobody reads it without the key file, nor gives it to another person."""
    return seal(key, secret, owner(person))


def opened(key: bytes, person: int, kept: bytes) -> bytes | None:
    """Return a secret that was sealed for this person, or None if the key, the person or the secret is another."""
    return unseal(key, kept, owner(person))


def owner(person: int) -> bytes:
    """Return what binds a sealed secret to a person."""
    return f"totp of {person}".encode()
