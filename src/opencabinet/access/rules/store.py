"""The SQL of the matrix: an account's rules."""

from datetime import datetime
from typing import Any, Final

import msgspec
from msgspec import Struct

from opencabinet.access.networks import network
from opencabinet.access.policy import Hidden, Level, Policy, Redaction, Rule
from opencabinet.db import Connection
from opencabinet.kernel.ids import Login

LOCK = """
INSERT INTO policies (login) VALUES (%(login)s)
ON CONFLICT (login) DO UPDATE SET changed_at = policies.changed_at
"""

CHANGED = """
UPDATE policies SET changed_at = clock_timestamp() WHERE login = %(login)s
"""

RULES = """
SELECT coalesce(json_agg(rule ORDER BY function), '[]')::text FROM access_rules AS rule WHERE login = %(login)s
"""

CHANGED_AT = """
SELECT changed_at FROM policies WHERE login = %(login)s
"""

CLEAR = """
DELETE FROM access_rules WHERE login = %(login)s
"""

ADD = """
INSERT INTO access_rules (login, function, level, networks, expires_at, note, hide, delay_minutes, closed_only,
                          without_symbols)
VALUES (%(login)s, %(function)s, %(level)s, %(networks)s::cidr[], %(expires_at)s, %(note)s, %(hide)s,
        %(delay_minutes)s, %(closed_only)s, %(without_symbols)s)
"""


class Kept(Struct, frozen=True, kw_only=True):
    """A row of the matrix as it is kept."""

    function: str
    level: Level
    networks: list[str]
    expires_at: datetime | None
    note: str
    hide: frozenset[Hidden]
    delay_minutes: int
    closed_only: bool
    without_symbols: frozenset[str]

    @property
    def rule(self) -> Rule:
        """The rule of this row."""
        left_out = Redaction(
            hide=self.hide,
            delay_minutes=self.delay_minutes,
            closed_only=self.closed_only,
            without_symbols=self.without_symbols,
        )
        listed = tuple(map(network, self.networks))
        return Rule(level=self.level, networks=listed, expires_at=self.expires_at, note=self.note, redaction=left_out)


KEPT: Final = msgspec.json.Decoder(list[Kept])


def told_policy(text: str) -> Policy:
    """Return the policy that some rows make, as JSON; a row that cannot be read makes none: nobody is let in by it."""
    return Policy.of({kept.function: kept.rule for kept in KEPT.decode(text)})


async def policy(conn: Connection, login: Login) -> Policy:
    """Return the whole policy of an account."""
    return told_policy(await conn.value(RULES, login=login))


async def changed_at(conn: Connection, login: Login) -> datetime | None:
    """Return when the policy of an account was last set; None if nobody ever did."""
    found: datetime | None = await conn.value(CHANGED_AT, login=login)
    return found


async def lock(conn: Connection, login: Login) -> None:
    """Keep others from changing the policy of an account until the transaction ends."""
    await conn.run(LOCK, login=login)


async def replace(conn: Connection, login: Login, policy: Policy) -> None:
    """Replace the policy of an account, which must be locked."""
    await conn.run(CLEAR, login=login)
    for row, rule in policy.rows():
        await conn.run(ADD, login=login, function=row, **columns(rule))
    await conn.run(CHANGED, login=login)


def columns(rule: Rule) -> dict[str, Any]:
    """Return a rule as it is kept."""
    left_out = rule.redaction
    return {
        "level": rule.level,
        "networks": [str(each) for each in rule.networks],
        "expires_at": rule.expires_at,
        "note": rule.note,
        "hide": sorted(left_out.hide),
        "delay_minutes": left_out.delay_minutes,
        "closed_only": left_out.closed_only,
        "without_symbols": sorted(left_out.without_symbols),
    }
