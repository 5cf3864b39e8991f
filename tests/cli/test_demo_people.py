"""The people of the demonstration can sign in, however often it starts."""

from ipaddress import ip_address

import pytest

from opencabinet.access import Duty, Hasher, Source, keyfile, operators, people
from opencabinet.access.operators import Role
from opencabinet.access.people import Means, factors
from opencabinet.cli import demo_people
from opencabinet.cli.demo_people import ACTORS, PASSWORD, SECRET
from opencabinet.cli.people import TELL, Operator
from opencabinet.db import Connection
from opencabinet.settings import Settings
from tests import make

HERE = Source(channel="cabinet", address=ip_address("127.0.0.1"), user_agent="Browser")


@pytest.fixture
async def means(conn: Connection, settings: Settings) -> Means:
    """What an installation lets people in by; the accounts and the people of the demonstration are there."""
    keys = keyfile.load(settings.folder)
    for login in (login for actor in ACTORS for login in actor.logins):
        await make.account(conn, login=login)
    for _ in range(2):
        await demo_people.enter(conn, keys)
    return Means(hasher=Hasher(keys.passwords, slots=1), keys=keys, throttle=Operator(), tell=TELL)


@pytest.mark.parametrize("actor", ACTORS, ids=lambda actor: actor.email)
async def test_everybody_signs_in_with_what_is_printed(
    conn: Connection, means: Means, actor: demo_people.Actor
) -> None:
    begun = await people.sign_in(conn, means, email=actor.email, password=PASSWORD, source=HERE)
    assert begun.second_factor_needed == actor.app
    token = begun.token
    if actor.app:
        session = await people.unproved(conn, token)
        assert session is not None
        token = await factors.complete(conn, means, session, factors.AppCode(factors.code(SECRET)), HERE)

    seated = await people.seated(conn, token)

    assert seated is not None
    assert (seated.logins, seated.roles) == (actor.logins, actor.roles)
    assert operators.operator(seated).may(Duty.PEOPLE) is (Role.ADMINISTRATOR in actor.roles)


def test_what_is_printed_names_everybody_once() -> None:
    printed = "\n".join(demo_people.lines())

    assert all(printed.count(each.email) == 1 for each in ACTORS)
    assert PASSWORD in printed
    assert printed.count(SECRET) == 1
