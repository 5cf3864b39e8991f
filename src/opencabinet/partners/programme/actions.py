"""Enrolling partners, naming and placing them; the account's events tell of each."""

from datetime import UTC, datetime
from typing import Final

from opencabinet.db import Connection, outbox
from opencabinet.kernel.ids import Login
from opencabinet.partners.programme import store
from opencabinet.partners.programme.model import (
    CodeTaken,
    NoSuchCode,
    NoSuchPartner,
    NotYet,
    OtherPartner,
    OwnPartner,
    Partner,
    PartnerCode,
    State,
    TooEarly,
    new_code,
    read_code,
)

TRIES: Final = 20
"""Codes made by chance, until one is free."""


async def enrol(
    conn: Connection,
    login: Login,
    code: str | None = None,
    parent: Login | None = None,
    *,
    since: datetime | None = None,
) -> PartnerCode:
    """Let an account be a partner, with a code that was asked for or one made by chance; give the code.

    They are one from now on, or were one since an earlier moment that is told.

    Raises:
        NotYet: if that moment is yet to come.
        OtherPartner: if it is one already.
        BadCode, CodeTaken: if the code cannot be theirs.
        NoSuchPartner: if `parent` is none.
        OwnPartner: if `parent`, or one above, is a client of theirs.
    """
    if since is not None and since > datetime.now(UTC):
        raise NotYet
    async with conn.transaction():
        partner = await store.enrol(conn, login, since)
        if partner is None:
            raise OtherPartner
        given = await give_code(conn, login, code)
        if parent is not None:
            await place(conn, login, parent, partner.enrolled_at)
        await outbox.append(conn, login, "partner.enrolled", code=given.code, parent=parent)
    return given


async def give_code(conn: Connection, login: Login, code: str | None = None, link: int | None = None) -> PartnerCode:
    """Give a partner one more code, or a link its own.

    Raises:
        BadCode: if it is no code.
        CodeTaken: if it is another's, or was.
    """
    wanted = [read_code(code)] if code else [new_code() for _ in range(TRIES)]
    for each in wanted:
        if given := await store.give_code(conn, login, each, link):
            return given
    raise CodeTaken


async def retire_code(conn: Connection, login: Login, code: str) -> None:
    """Let a code name nobody any more.

    Raises:
        NoSuchCode: if it does not name this partner.
    """
    if not await store.retire_code(conn, login, read_code(code)):
        raise NoSuchCode


async def set_state(conn: Connection, login: Login, state: State) -> Partner:
    """Suspend a partner, let them go, or let them be active again.

    Raises:
        NoSuchPartner: if there is none.
    """
    async with conn.transaction():
        partner = await store.set_state(conn, login, state)
        if partner is None:
            raise NoSuchPartner
        await outbox.append(conn, login, f"partner.{state}")
    return partner


async def place(conn: Connection, login: Login, parent: Login | None, since: datetime | None = None) -> None:
    """Let a partner be below another, or below nobody, from a moment on: now, unless told.

    Raises:
        NoSuchPartner: if one of them is none.
        TooEarly: if another place holds from then on already.
        TreeLoop, TooDeep: if the tree cannot be so.
        OwnPartner: if whoever comes to be above is a client of theirs, or of one below them.
    """
    since = since or datetime.now(UTC)
    async with conn.transaction():
        await store.lock(conn)
        for each in (login, parent):
            if each is not None and await store.partner(conn, each) is None:
                raise NoSuchPartner(f"{each} is no partner.")
        if not await store.place(conn, login, parent, since):
            raise TooEarly
        tree = await store.tree(conn)
        tree.check(since)
        if tree.closes(login, await store.clients_of(conn, tree.over(login, since), since), since):
            raise OwnPartner
        await outbox.append(conn, login, "partner.placed", parent=parent, since=since.isoformat())


async def follow_plan(conn: Connection, login: Login, plan: str, since: datetime | None = None) -> None:
    """Let a partner be paid by a plan from a moment on: now, unless told.

    Raises:
        NoSuchPartner: if there is none.
        TooEarly: if another plan holds from then on already.
    """
    since = since or datetime.now(UTC)
    async with conn.transaction():
        if await store.partner(conn, login) is None:
            raise NoSuchPartner(f"{login} is no partner.")
        if not await store.follow_plan(conn, login, plan, since):
            raise TooEarly
        await outbox.append(conn, login, "partner.plan", plan=plan, since=since.isoformat())
