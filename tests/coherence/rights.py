"""Who may read what, said once more and apart from the server: levels, addresses, ends, credentials."""

from collections.abc import Mapping

from msgspec import Struct

HOME, AWAY = "203.0.113.7", "198.51.100.9"
"""The two addresses that readers have; rules and credentials go by a network that holds the first only."""
HOMES = "203.0.113.0/24"


class Row(Struct, frozen=True, kw_only=True):
    """A row of an account's matrix; at the levels by address, home is listed."""

    level: str = "password"
    expires: float | None = None
    hides_money: bool = False

    def holds(self, at: float) -> bool:
        """Whether it has not ended."""
        return self.expires is None or at < self.expires


Rows = Mapping[str, Row]


class Pass(Struct, frozen=True, kw_only=True):
    """A credential as it is kept: until when it lives, whether it is good from home only, and what it opens."""

    ends: float
    home_only: bool = False
    functions: frozenset[str] | None = None
    revoked: bool = False

    def good(self, function: str, address: str, at: float) -> bool:
        """Whether it may be shown for a function."""
        here = address == HOME or not self.home_only
        return not self.revoked and at < self.ends and here and (self.functions is None or function in self.functions)


class Right(Struct, frozen=True, kw_only=True):
    """What a reader is let see: nothing, all, or all but money; and whether everybody may keep the answer."""

    granted: bool
    without_money: bool = False
    public: bool = False


NONE = Right(granted=False)


def right(rows: Rows, shown: Pass | None, function: str, address: str, at: float) -> Right:
    """Return what a reader is let see of an account by a credential of its own, if any is shown."""
    if shown and not shown.good(function, address, at):
        return NONE
    row = ruling(rows, function, at)
    if row.level == "open":
        return Right(granted=True, without_money=row.hides_money and not shown, public=not (shown and row.hides_money))
    listed = address == HOME
    granted = {
        "off": False,
        "password": shown is not None,
        "address": listed,
        "both": listed and shown is not None,
    }
    return Right(granted=granted[row.level])


def ruling(rows: Rows, function: str, at: float) -> Row:
    """Return the row that holds: the function's own, else the default, else what holds where nobody said anything."""
    found = [rows[name] for name in (function, "default") if name in rows and rows[name].holds(at)]
    return found[0] if found else Row()


def ends(rows: Rows, shown: Pass | None) -> list[float]:
    """Return the moments at which something ends by itself."""
    return [*(row.expires for row in rows.values() if row.expires is not None), *([shown.ends] if shown else [])]
