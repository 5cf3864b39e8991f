"""How an event is told outside: the same id and the same bytes to whoever asks, listens or is called."""

import re
from datetime import UTC
from typing import Final

from msgspec import json

from opencabinet.db.outbox.model import Event
from opencabinet.kernel.ids import LARGEST, Login

ID: Final = re.compile(r"evt_([1-9][0-9]{0,18})_(0|[1-9][0-9]{0,18})", re.ASCII)
UNTOLD: Final = "access."
"""Of these events is told that they happened: who may ask what is told to those alone who may change it."""
ENCODER: Final = json.Encoder()


def told(event: Event) -> bytes:
    """Return an event as JSON: its id, what happened to which account and when, and the figures."""
    at = event.at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    data = {} if event.kind.startswith(UNTOLD) else event.body
    return ENCODER.encode(
        {
            "id": event_id(event.login, event.number),
            "type": event.kind,
            "login": event.login,
            "number": event.number,
            "at": at,
            "data": data,
        }
    )


def event_id(login: int, number: int) -> str:
    """Return the id of an event; number 0 is the place before the first."""
    return f"evt_{login}_{number}"


def read_id(text: str) -> tuple[Login, int] | None:
    """Return the account and the number that an event's id names, or None if it is no such id."""
    found = ID.fullmatch(text)
    if not found or (login := int(found[1])) > LARGEST or (number := int(found[2])) > LARGEST:
        return None
    return Login(login), number
