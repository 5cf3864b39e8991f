"""Where people are signed in."""

from opencabinet.access.people.sessions.actions import (
    end_session,
    end_sessions,
    rotate,
    seated,
    sign_out,
    unproved,
    who,
)
from opencabinet.access.people.sessions.model import Begun, Level, Place, Seated, Session, needs_step_up
from opencabinet.access.people.sessions.store import places

__all__ = [
    "Begun",
    "Level",
    "Place",
    "Seated",
    "Session",
    "end_session",
    "end_sessions",
    "needs_step_up",
    "places",
    "rotate",
    "seated",
    "sign_out",
    "unproved",
    "who",
]
