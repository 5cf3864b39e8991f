"""A webhook as it is filled in, and the document that v1 is asked to keep."""

from collections.abc import Mapping
from typing import Any, Final, Self

from msgspec import Struct

from opencabinet.doors.cabinet.access.drafts import LONGEST_LIST, listed
from opencabinet.doors.cabinet.forms import Form
from opencabinet.doors.wording import marked

STATES: Final[Mapping[str, tuple[str, str]]] = {
    "waiting": (marked("Waiting"), "info"),
    "held": (marked("Held"), "warn"),
    "sending": (marked("Sending"), "info"),
    "delivered": (marked("Delivered"), "good"),
    "failed": (marked("Failed"), "bad"),
}
"""What became of a delivery, and how that is meant."""
FIGURES: Final = ("net_over", "lots_over", "margin_level_under")


class Hook(Struct, frozen=True, kw_only=True):
    """A webhook as it is filled in; `once` names this one making of it, however often the form is sent."""

    url: str = ""
    name: str = ""
    payload: str = "fat"
    types: str = ""
    symbols: str = ""
    net_over: str = ""
    lots_over: str = ""
    margin_level_under: str = ""
    state: str = "active"
    once: str = ""

    @classmethod
    def shown(cls, given: Mapping[str, Any]) -> Self:
        """Return a webhook as v1 answers it."""
        figures = {name: given[name] or "" for name in FIGURES}
        lists = {name: "\n".join(given[name]) for name in ("types", "symbols")}
        plain = {name: given[name] for name in ("url", "name", "payload", "state")}
        return cls(**plain, **lists, **figures)

    @classmethod
    def typed(cls, form: Form) -> Self:
        """Return a webhook as somebody filled it in."""
        return cls(
            url=form.text("url", longest=4096),
            name=form.text("name", longest=256),
            payload=form.text("payload", longest=16),
            types=form.text("types", longest=LONGEST_LIST).replace("\r\n", "\n"),
            symbols=form.text("symbols", longest=LONGEST_LIST).replace("\r\n", "\n"),
            net_over=form.text("net_over", longest=64),
            lots_over=form.text("lots_over", longest=64),
            margin_level_under=form.text("margin_level_under", longest=64),
            state=form.text("state", longest=16) or "active",
            once=form.text("once", longest=64),
        )

    @property
    def document(self) -> dict[str, Any]:
        """The webhook as v1 is asked to make it."""
        figures = {name: getattr(self, name) or None for name in FIGURES}
        lists = {"types": listed(self.types), "symbols": listed(self.symbols)}
        return {"url": self.url, "name": self.name, "payload": self.payload, **lists, **figures}
