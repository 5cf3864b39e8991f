"""A policy while it is being changed: what was typed, kept as it is, and the document that v1 is asked to save."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final, Self

from msgspec import Struct, structs

from opencabinet.access import Function
from opencabinet.doors.cabinet.access.naming import levels
from opencabinet.doors.cabinet.forms import Form
from opencabinet.doors.wording import marked

DEFAULT: Final = "default"
ROWS: Final = (DEFAULT, *Function)
LONGEST_LIST: Final = 12_000
BY_ADDRESS: Final = frozenset({"address", "both"})
NO_TIME: Final = marked("Give a day and a time, like 2026-03-02 09:30, in UTC.")
NO_NUMBER: Final = marked("Give a whole number of minutes.")
NO_LEVEL: Final = marked("Choose one of these.")


class Row(Struct, frozen=True, kw_only=True):
    """A row of the matrix as it is filled in; a level of "" is none of its own."""

    name: str
    level: str = ""
    networks: str = ""
    expires_at: str = ""
    note: str = ""
    hide: tuple[str, ...] = ()
    delay_minutes: str = ""
    closed_only: bool = False
    without_symbols: str = ""

    @classmethod
    def shown(cls, name: str, rule: Mapping[str, Any] | None) -> Self:
        """Return a row as v1 answers it; None where it has no rule."""
        if rule is None:
            return cls(name=name)
        left_out = rule["left_out"]
        return cls(
            name=name,
            level=rule["level"],
            networks="\n".join(rule["networks"]),
            expires_at=spelled(rule["expires_at"]),
            note=rule["note"],
            hide=tuple(left_out["hide"]),
            delay_minutes=str(left_out["delay_minutes"] or ""),
            closed_only=left_out["closed_only"],
            without_symbols=", ".join(left_out["without_symbols"]),
        )

    @classmethod
    def typed(cls, name: str, form: Form) -> Self:
        """Return a row as somebody filled it in."""
        return cls(
            name=name,
            level=form.text(f"{name}.level", longest=16),
            networks=form.text(f"{name}.networks", longest=LONGEST_LIST).replace("\r\n", "\n"),
            expires_at=form.text(f"{name}.expires_at", longest=40),
            note=form.text(f"{name}.note", longest=400),
            hide=tuple(form.all(f"{name}.hide")),
            delay_minutes=form.text(f"{name}.delay_minutes", longest=16),
            closed_only=form.ticked(f"{name}.closed_only"),
            without_symbols=form.text(f"{name}.without_symbols", longest=LONGEST_LIST),
        )

    @property
    def masks(self) -> list[str]:
        """What is typed of addresses, one by one."""
        return listed(self.networks)

    def adding(self, address: str) -> Self:
        """Return the row with one more address, and a level that goes by it."""
        level = self.level if self.level in BY_ADDRESS else "both"
        return structs.replace(self, level=level, networks="\n".join(dict.fromkeys([*self.masks, address])))

    @property
    def wrong(self) -> dict[str, str]:
        """What cannot be read of the row, by field."""
        found = {}
        if self.level not in {*levels(self.name), *(() if self.name == DEFAULT else ("",))}:
            found["level"] = NO_LEVEL
        if self.expires_at and moment(self.expires_at) is None:
            found["expires_at"] = NO_TIME
        if self.delay_minutes and not (self.delay_minutes.isascii() and self.delay_minutes.isdigit()):
            found["delay_minutes"] = NO_NUMBER
        return found

    @property
    def document(self) -> dict[str, Any]:
        """The row as v1 takes it: what its level does not go by is left out."""
        found: dict[str, Any] = {"level": self.level, "note": self.note}
        if self.level in BY_ADDRESS:
            found["networks"] = self.masks
        if self.expires_at:
            found["expires_at"] = (moment(self.expires_at) or datetime.now(UTC)).isoformat()
        if self.level == "open":
            found["left_out"] = {
                "hide": list(self.hide),
                "delay_minutes": int(self.delay_minutes or 0),
                "closed_only": self.closed_only,
                "without_symbols": listed(self.without_symbols),
            }
        return found


class Draft(Struct, frozen=True, kw_only=True):
    """All rows as they are filled in, and the tag of the policy that they are to replace."""

    rows: tuple[Row, ...]
    etag: str

    @classmethod
    def shown(cls, policy: Mapping[str, Any], etag: str) -> Self:
        """Return a policy as v1 answers it."""
        rules = {DEFAULT: policy["default"], **policy["functions"]}
        return cls(rows=tuple(Row.shown(str(name), rules.get(name)) for name in ROWS), etag=etag)

    @classmethod
    def typed(cls, form: Form) -> Self:
        """Return a policy as somebody filled it in."""
        return cls(rows=tuple(Row.typed(str(name), form) for name in ROWS), etag=form.text("etag", longest=200))

    @property
    def wrong(self) -> dict[str, dict[str, str]]:
        """What cannot be read, by row and field."""
        return {row.name: row.wrong for row in self.rows if row.wrong}

    @property
    def document(self) -> dict[str, Any]:
        """The policy as v1 takes it."""
        own = {row.name: row.document for row in self.rows if row.level}
        return {DEFAULT: own.pop(DEFAULT, {"level": "password"}), "functions": own}

    def row(self, name: str) -> Row:
        """Return a row by its name."""
        return next(each for each in self.rows if each.name == name)


def listed(text: str) -> list[str]:
    """Return what a text lists, parted by lines, commas or semicolons."""
    pieces = text.replace(",", "\n").replace(";", "\n").splitlines()
    return list(dict.fromkeys(each.strip() for each in pieces if each.strip()))


def moment(text: str) -> datetime | None:
    """Return the moment that somebody typed, in UTC unless it says otherwise; None if it is none."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def spelled(at: str | None) -> str:
    """Return a moment of v1's as a field holds it, to the minute unless it is more exact."""
    if at is None:
        return ""
    found = datetime.fromisoformat(at).astimezone(UTC).replace(tzinfo=None)
    return found.isoformat(timespec="seconds" if found.second or found.microsecond else "minutes")
