"""Knowing servers, and finding the account that a server's number means."""

from datetime import UTC, datetime
from typing import Final

from opencabinet.accounts import store
from opencabinet.accounts.model import (
    Account,
    ClockNeeded,
    LoginNeeded,
    LoginTaken,
    NoSuchAccount,
    Origin,
    OtherClock,
    Server,
)
from opencabinet.db import Connection
from opencabinet.kernel.clock import HELP, Clock, clock
from opencabinet.kernel.ids import Login
from opencabinet.kernel.problem import Malformed

ALWAYS: Final = datetime(1900, 1, 1, tzinfo=UTC)
LONGEST_NAME: Final = 64


async def know_server(conn: Connection, name: str, rule: str | None) -> Clock:
    """Return the clock of the server `name`, which becomes known by `rule` if it is new.

    Raises:
        ClockNeeded: if it is new and no rule is given.
        OtherClock: if it is known by another rule.
    """
    if not 0 < len(name) <= LONGEST_NAME or not name.isprintable():
        raise Malformed(f"A server's name has 1 to {LONGEST_NAME} printable characters.")
    known = await store.server(conn, name)
    if known is None and rule is None:
        raise ClockNeeded(f"The server {name!r} is not known yet: say which clock it runs by with --clock. {HELP}")
    if known is None:
        known = Server(name, clock(str(rule)).rule)
        await store.add_server(conn, known)
    if rule not in {None, known.clock}:
        raise OtherClock(f"The server {name!r} runs by the clock {known.clock!r}, not {rule!r}.")
    return clock(known.clock)


async def resolve(
    conn: Connection, *, server: str, number: int | None, login: Login | None, first: datetime, last: datetime
) -> Origin:
    """Return which account `number` of `server` meant at the time `last`; it is kept with the account's first save.

    A number not yet known becomes the login if that is free, or `login` if given. A known number together with
    another `login` means that the server gave the number to somebody else, from the time `first` on.

    Raises:
        LoginNeeded: if the file names no account and `login` is not given.
        LoginTaken: if the login belongs to another account.
    """
    if number is None:
        if login is None:
            raise LoginNeeded("The file names no account: say which login it belongs to with --login.")
        number = login
    await store.lock_origins(conn)
    known = await store.origin(conn, server, number, last)
    if known:
        refuse_overlap(known, login, first)
        if login in {None, known.login}:
            return known
    wanted = login or Login(number)
    if await store.account(conn, wanted):
        raise LoginTaken(f"The login {wanted} belongs to another account: choose a free one with --login.")
    return Origin(server=server, number=number, since=first if known else ALWAYS, login=wanted)


def refuse_overlap(known: Origin, login: Login | None, first: datetime) -> None:
    """Refuse a file that begins before its number changed hands, or would change them no later than it did."""
    since = f"{known.since:%Y-%m-%d %H:%M} UTC"
    if login in {None, known.login}:
        if first < known.since:
            raise LoginTaken(
                f"The file begins before {since}, since when {known.number} of {known.server!r} is the login "
                f"{known.login}: it may be of two people."
            )
    elif first <= known.since:
        raise LoginTaken(
            f"Since {since} the number {known.number} of {known.server!r} is the login {known.login}, "
            "and the file begins no later."
        )


async def existing(conn: Connection, login: Login) -> Account:
    """Return the account of this login.

    Raises:
        NoSuchAccount: if there is none.
    """
    found = await store.account(conn, login)
    if found is None:
        raise NoSuchAccount(f"There is no account {login}.")
    return found
