"""What a rendering depends on: it is written once for all who are told the same by v1."""

from collections.abc import Sequence
from hashlib import sha256

import msgspec
from msgspec import structs

from opencabinet.doors.showing.asking import Told, honesty
from opencabinet.doors.widgets.asked import Asked


def key_of(asked: Asked, rendering: str, told: Sequence[Told]) -> bytes:
    """Return what a rendering depends on: what v1 said, how it is to look, and where it leads.

    How many seconds a feed lags is none of it: that is said in words, which change seldom.
    """
    said = structs.replace(honesty(asked.options, told), lag_seconds=None)
    look = (asked.place.widget.name, asked.place.login, rendering, asked.query, asked.base, asked.checks, asked.level)
    parts = [msgspec.json.encode((look, asked.options, said)), *(msgspec.json.encode(each.given) for each in told)]
    return sha256(b"\n".join(parts)).digest()
