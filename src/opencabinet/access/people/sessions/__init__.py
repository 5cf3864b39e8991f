"""Where people are signed in."""

from opencabinet.access.people.sessions.actions import (
    end_session,
    end_sessions,
    rotate,
    sign_out,
    unproved,
    who,
)
from opencabinet.access.people.sessions.model import Begun, Level, Place, Session, needs_step_up
from opencabinet.access.people.sessions.store import places

__all__ = [
    "Begun",
    "Level",
    "Place",
    "Session",
    "end_session",
    "end_sessions",
    "needs_step_up",
    "places",
    "rotate",
    "sign_out",
    "unproved",
    "who",
]
