"""Opening an account: somebody applies, looks at what becomes of it, and the operator ties it to an account."""

from opencabinet.onboarding.actions import apply, look, open_as, refuse
from opencabinet.onboarding.model import (
    Application,
    ApplicationDecided,
    Applied,
    BadApplication,
    CameFromAnother,
    NoSuchApplication,
    Rules,
    Seen,
    State,
    Wanted,
    countries,
)
from opencabinet.onboarding.store import listed

__all__ = [
    "Application",
    "ApplicationDecided",
    "Applied",
    "BadApplication",
    "CameFromAnother",
    "NoSuchApplication",
    "Rules",
    "Seen",
    "State",
    "Wanted",
    "apply",
    "countries",
    "listed",
    "look",
    "open_as",
    "refuse",
]
