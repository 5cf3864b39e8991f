"""The people of the demonstration: whoever opens it in a browser can sign in as each of them."""

from collections.abc import Sequence
from typing import Final

from msgspec import Struct

from opencabinet.access import OPERATOR, Hasher, operators, people
from opencabinet.access.keyfile import Keys
from opencabinet.access.operators import Role
from opencabinet.access.people import Means, factors
from opencabinet.cli.people import TELL, Operator
from opencabinet.db import Connection
from opencabinet.kernel.ids import Login

PASSWORD: Final = "seven quiet harbours"  # noqa: S105 - everybody is told it
SECRET: Final = "DEMONSTRATIONONLYTELLNOBODYELSE2"  # noqa: S105 - the same
"""What the operator's authenticator app is told."""


class Actor(Struct, frozen=True, kw_only=True):
    """Somebody of the demonstration."""

    email: str
    name: str
    what: str
    logins: tuple[int, ...] = ()
    roles: tuple[Role, ...] = ()
    app: bool = False


ACTORS: Final = (
    Actor(email="client@example.com", name="Ingrid Vasquez", what="client", logins=(1001002, 1001003, 1001004)),
    Actor(email="partner@example.com", name="Marta Lindqvist", what="client and partner", logins=(1001001,)),
    Actor(
        email="operator@example.com",
        name="Joan Harper",
        what="operator",
        roles=(Role.ADMINISTRATOR,),
        app=True,
    ),
)


async def enter(conn: Connection, keys: Keys) -> None:
    """Let each of them sign in with the password that everybody knows; who is there already stays as they are."""
    there = {each.email for each in await people.people(conn, 0, len(ACTORS) * 10)}
    hasher = Hasher(keys.passwords)
    try:
        means = Means(hasher=hasher, keys=keys, throttle=Operator(), tell=TELL)
        for actor in ACTORS:
            if actor.email not in there:
                await add(conn, means, actor)
    finally:
        hasher.close()


async def add(conn: Connection, means: Means, actor: Actor) -> None:
    """Add one of them."""
    async with conn.transaction():
        person = await people.add(conn, means, email=actor.email, name=actor.name, source=OPERATOR)
        for login in actor.logins:
            await people.link(conn, means, person, Login(login), OPERATOR)
        await people.set_password(conn, means, person, PASSWORD, OPERATOR)
        if actor.roles:
            await operators.appoint(conn, await people.existing(conn, actor.email), actor.roles, OPERATOR)
        if actor.app:
            await factors.give_app(conn, means, person, SECRET, OPERATOR)


def lines() -> Sequence[str]:
    """Return who they are, a line for each."""
    app = f"; secret of the authenticator app: {SECRET}, code now: {factors.code(SECRET)}"
    return [f"  {each.email:<22}{PASSWORD}  {each.what}{app if each.app else ''}" for each in ACTORS]
