"""What people prove themselves with beside the password: authenticator apps, passkeys, recovery codes."""

from opencabinet.access.people.factors.enrolling import (
    ask_passkey,
    begin_app,
    begin_passkey,
    confirm_app,
    confirm_passkey,
    give_app,
    new_recovery_codes,
    pending_app,
    remove_app,
    remove_passkey,
    reset_factors,
)
from opencabinet.access.people.factors.model import (
    AppCode,
    Enrolment,
    FactorMissing,
    Passkey,
    PasskeyAnswer,
    PasswordProof,
    Proof,
    RecoveryCode,
    Site,
    Ways,
)
from opencabinet.access.people.factors.proving import complete, step_up
from opencabinet.access.people.factors.store import codes_left, passkeys, ways
from opencabinet.access.people.factors.totp import code

__all__ = [
    "AppCode",
    "Enrolment",
    "FactorMissing",
    "Passkey",
    "PasskeyAnswer",
    "PasswordProof",
    "Proof",
    "RecoveryCode",
    "Site",
    "Ways",
    "ask_passkey",
    "begin_app",
    "begin_passkey",
    "code",
    "codes_left",
    "complete",
    "confirm_app",
    "confirm_passkey",
    "give_app",
    "new_recovery_codes",
    "passkeys",
    "pending_app",
    "remove_app",
    "remove_passkey",
    "reset_factors",
    "step_up",
    "ways",
]
