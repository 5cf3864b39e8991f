"""Accounts as feeds tell them: numbers become logins, and what is told of many is kept at once."""

from opencabinet.accounts.staged.store import (
    ALWAYS,
    Numbered,
    Stated,
    advance,
    gone,
    join_groups,
    keep_told,
    lock,
    mark,
    open_new,
    recognise,
    restate,
    settle_sums,
    unknown,
)

__all__ = [
    "ALWAYS",
    "Numbered",
    "Stated",
    "advance",
    "gone",
    "join_groups",
    "keep_told",
    "lock",
    "mark",
    "open_new",
    "recognise",
    "restate",
    "settle_sums",
    "unknown",
]
