"""The steps of a request, each with the functions that do it, and why it is there."""

from collections.abc import Iterator
from typing import Final, NamedTuple

WAITING: Final = "opencabinet.db.connection:Connection.wait"


class Step(NamedTuple):
    """A step: what it is called, which functions do it, and why."""

    name: str
    places: tuple[str, ...]
    why: str


COLD: Final = (
    Step(
        "count",
        ("opencabinet.edge.watching:Watching.__call__",),
        "An operator sees what is asked, and what it takes.",
    ),
    Step(
        "bounds and headers",
        ("opencabinet.edge.limits:Limits.__call__", "opencabinet.edge.limits:Answer.__call__"),
        "What no client sends is refused unread, and waiting has an end; answers say that nobody else may keep them.",
    ),
    Step(
        "who calls",
        ("opencabinet.edge.callers:Callers.__call__",),
        "Rules by address and budgets go by the client's own address, not by a proxy's or by what anybody writes.",
    ),
    Step(
        "take a turn",
        (
            "opencabinet.edge.health:Health.__call__",
            "opencabinet.edge.arrival:Arrival.__call__",
            "opencabinet.edge.admission:Admission.__call__",
            "opencabinet.edge.admission:Place.__call__",
        ),
        "Past what the server can do the next one is sent away at once; owners come before the crowd.",
    ),
    Step("spelling", ("opencabinet.doors.legacy.wire:Spelling.__call__",), "Old programs write paths as they like."),
    Step(
        "straight to the handler",
        ("opencabinet.doors.direct:Direct.__call__", "opencabinet.doors.reply:Reply._send"),
        "The path finds the handler, and the answer leaves as it is written; other reads take the framework's way.",
    ),
    Step(
        "gate",
        ("opencabinet.doors.gate:admit", "opencabinet.doors.gate:judged", "opencabinet.doors.gate:let_in"),
        "No handler runs before the judge was asked; what it granted is all the handler gets.",
    ),
    Step(
        "budgets",
        (
            "opencabinet.doors.spending:spend",
            "opencabinet.doors.spending:settle",
            "opencabinet.doors.spending:tell",
        ),
        "Nobody asks for more than their share; the answer says what is left.",
    ),
    Step(
        "judge",
        ("opencabinet.access.actions:evidence_of", "opencabinet.access.actions:Evidence.judge"),
        "Grant and policy become a decision that names its rule.",
    ),
    Step("judge: database", (), "One statement finds the credential and the rules: both are of one moment."),
    Step(
        "history",
        ("opencabinet.doors.gate:untold", "opencabinet.doors.gate:tell"),
        "A first use of a credential from a network is kept before it is answered; later ones are only noted.",
    ),
    Step(
        "handler",
        ("opencabinet.doors.v1.query:read",),
        "The query is read strictly: an unknown parameter is refused.",
    ),
    Step(
        "driver",
        (
            "opencabinet.db.connection:Connection.fetch",
            "opencabinet.db.connection:Connection.one",
            "opencabinet.db.connection:Connection.value",
            "opencabinet.db.connection:Connection.values",
        ),
        "Statements are sent, and rows become frozen nouns.",
    ),
    Step("read: database", (), "The statement of the read itself."),
    Step(
        "together",
        ("opencabinet.db.together:Together.answer", "opencabinet.db.together:Together._work"),
        "Others who ask the same kind of question at the time are asked for in the same statement.",
    ),
    Step(
        "encode",
        ("opencabinet.doors.v1.answers:answer",),
        "Nouns become JSON, money as decimal strings; its hash is the ETag.",
    ),
)
"""A read that nothing holds; what is between the named functions counts for the one around them."""

HOT: Final = (
    Step(
        "read the question",
        ("opencabinet.edge.front:Edge.__call__", "opencabinet.edge.asking:Reader.read"),
        "What an answer depends on is its key: path, query, scheme and what was shown; strange requests pass on.",
    ),
    Step(
        "look it up",
        ("opencabinet.edge.hits:Hits.answer",),
        "What is held is good only while changes are heard of, and for no longer than it may be.",
    ),
    Step(
        "judge", ("opencabinet.edge.hits:decided",), "Rules expire, and addresses differ: each time it is asked anew."
    ),
    Step("budgets", ("opencabinet.edge.hits:Hits._spent",), "A held answer counts as any other."),
    Step(
        "what is of now",
        ("opencabinet.edge.hits:Hits._written",),
        "What is left of the budget, how far the feed is, and the id; whoever has the answer already is told so.",
    ),
)
"""A read that the edge holds."""


def database(above: Iterator[str]) -> str:
    """Return which step waits for the database, by the steps around it."""
    return "judge: database" if "judge" in above else "read: database"
