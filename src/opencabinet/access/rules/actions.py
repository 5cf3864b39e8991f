"""Changing an account's matrix."""

from collections.abc import Iterable
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, Final

from msgspec import json, to_builtins

from opencabinet.access.history import OPERATOR, changed
from opencabinet.access.history.model import fits
from opencabinet.access.model import Ask, Function, Network, Source
from opencabinet.access.policy import Policy, Rule, closed, opened
from opencabinet.access.rules import store
from opencabinet.access.rules.checking import check
from opencabinet.access.rules.review import locked_out
from opencabinet.db import Connection, outbox
from opencabinet.kernel.ids import Login
from opencabinet.kernel.problem import Conflict

Rows = dict[str, dict[str, Any]]
HASH: Final = 32
"""Letters of a row's hash that are told: nobody finds two rows that share them."""


class LocksOut(Conflict):
    """Whoever saves this policy could not read by it."""

    def __init__(self, functions: Iterable[Function]) -> None:
        lost = f"you could not read any more, now or once a rule ends: {', '.join(functions)}"
        super().__init__(f"From where you are, {lost}. Confirm it if you mean it.")


async def set_policy(
    conn: Connection, login: Login, policy: Policy, *, saver: Ask | None = None, source: Source = OPERATOR
) -> None:
    """Set an account's policy and tell of it, both or neither. A `saver` is kept from locking themself out.

    Raises:
        BadRule: for a row that cannot hold.
        LocksOut: if the saver could not read by it from where they ask, now or once a rule ends.
    """
    check(policy, datetime.now(UTC))
    if saver and (lost := locked_out(policy, saver)):
        raise LocksOut(lost)
    async with conn.transaction():
        await store.lock(conn, login)
        before, after = told(await store.policy(conn, login)), told(policy)
        previous, current = changes(before, after)
        await store.replace(conn, login, policy)
        rule = f"the default is {policy.default.level}, with {len(policy.rules)} rules of single functions"
        await changed(conn, login, "policy.change", source, rule=rule, previous=previous, current=current)
        await outbox.append(conn, login, "access.changed", rules=after)


def told(policy: Policy) -> Rows:
    """Return a policy as it is told: its rows by name, without what they leave as it is."""
    usual = store.columns(Rule())
    rows = {
        row: {name: value for name, value in store.columns(rule).items() if name == "level" or value != usual[name]}
        for row, rule in policy.rows()
    }
    plain: Rows = to_builtins(rows)
    return plain


def changes(before: Rows, after: Rows) -> tuple[Rows, Rows]:
    """Return the rows that a change touches, as they were and as they are, so short that the history keeps them."""
    touched = [row for row in (*before, *after) if before.get(row) != after.get(row)]
    kept = [{row: rows[row] for row in rows if row in touched} for rows in (before, after)]
    for shorter in (whole, without_note, outline):
        previous, current = ({row: shorter(rule) for row, rule in rows.items()} for rows in kept)
        if fits(previous) and fits(current):
            break
    return previous, current


def whole(rule: dict[str, Any]) -> dict[str, Any]:
    """Return a row as it is."""
    return rule


def without_note(rule: dict[str, Any]) -> dict[str, Any]:
    """Return a row without its note, which decides nothing."""
    return {name: value for name, value in rule.items() if name != "note"}


def outline(rule: dict[str, Any]) -> dict[str, Any]:
    """Return what of a row fits always: its level, how many networks it lists, and a hash that every change changes."""
    kept = {"level": rule["level"], "sha256": sha256(json.encode(rule)).hexdigest()[:HASH]}
    return kept | ({"networks": len(rule["networks"])} if "networks" in rule else {})


async def open_account(conn: Connection, login: Login, source: Source = OPERATOR) -> None:
    """Let everybody read the account, without credentials."""
    await set_policy(conn, login, opened(), source=source)


async def close_account(
    conn: Connection, login: Login, networks: Iterable[Network] = (), source: Source = OPERATOR
) -> None:
    """Let only those with the account's token read it, and only from `networks` if any are given."""
    await set_policy(conn, login, closed(networks), source=source)
