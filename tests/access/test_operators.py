"""Operators: what each role may do, who gives it, and what the history tells."""

import pytest
from msgspec import structs

from opencabinet.access import Duty, Source, operators, people
from opencabinet.access.history import NOBODY, OPERATOR
from opencabinet.access.history.model import LONGEST_RULE
from opencabinet.access.operators import (
    READING,
    FactorNeeded,
    LastAdministrator,
    NoFactorYet,
    NoOperator,
    NotAnOperator,
    Operator,
    OverOperators,
    OwnRoles,
    Role,
)
from opencabinet.db import Connection
from tests.access.people.person import HERE, Someone, clock, code_of, fresh, someone

TOLD = "SELECT rule FROM authorizations WHERE action = %(action)s ORDER BY id"
DETAIL = "SELECT detail FROM authorizations WHERE action = %(action)s ORDER BY id"
BOB, CAT = "bob@example.com", "cat@example.com"


async def made(conn: Connection, email: str, *roles: Role) -> Operator:
    """Add a person with roles, as if they had shown a second factor."""
    person = await someone(conn, email=email)
    await operators.appoint(conn, await people.existing(conn, email), roles, OPERATOR)
    return Operator(person=person.id, email=email, roles=list(roles), proved=True)


@pytest.mark.parametrize("role", Role)
def test_every_role_has_duties_and_only_an_administrator_has_all(role: Role) -> None:
    assert role.duties
    assert (role.duties == frozenset(Duty)) is (role is Role.ADMINISTRATOR)
    assert (Duty.OPERATORS in role.duties) is (role is Role.ADMINISTRATOR)


@pytest.mark.parametrize("role", Role)
def test_without_a_second_factor_a_role_reads_only(role: Role) -> None:
    assert operators.duties([role], proved=False) == role.duties & READING


@pytest.mark.parametrize("duty", Duty)
def test_a_duty_is_refused_to_whoever_has_it_not_and_waits_for_the_factor_of_whoever_has(duty: Duty) -> None:
    nobody = Operator(person=1, email=BOB, roles=[], proved=True)
    with pytest.raises(NoOperator):
        nobody.needs(duty)

    all_of_it = structs.replace(nobody, roles=[Role.ADMINISTRATOR])
    all_of_it.needs(duty)
    if duty not in READING:
        with pytest.raises(FactorNeeded):
            structs.replace(all_of_it, proved=False).needs(duty)


def test_roles_add_up() -> None:
    both = operators.duties([Role.CONTENT, Role.READER], proved=True)

    assert both == Role.CONTENT.duties | Role.READER.duties


async def as_operator(ann: Someone) -> Operator:
    """Give what somebody who is signed in may do."""
    seated = await people.seated(ann.conn, ann.token)
    assert seated is not None
    return operators.operator(seated)


async def test_whoever_was_given_no_role_has_no_duty(conn: Connection) -> None:
    assert (await as_operator(await signed_in(conn))).duties == frozenset()


async def test_an_operator_does_more_than_read_once_a_second_factor_was_shown(conn: Connection) -> None:
    ann = await signed_in(conn)
    await operators.appoint(conn, await people.existing(conn, ann.email), [Role.SUPPORT], OPERATOR)
    before = await as_operator(ann)

    app = await ann.enrol_app()
    await fresh(conn, ann.id)
    await ann.sign_in()
    await ann.complete(code_of(app, await clock(conn)))
    after = await as_operator(ann)

    assert before.duties == READING
    assert after.duties == Role.SUPPORT.duties
    assert (after.person, after.email, after.roles) == (ann.id, ann.email, [Role.SUPPORT])


async def test_a_role_that_was_taken_is_gone_at_once(conn: Connection) -> None:
    ann = await signed_in(conn)
    person = await people.existing(conn, ann.email)
    await operators.appoint(conn, person, [Role.SUPPORT, Role.CONTENT], OPERATOR)

    await operators.dismiss(conn, person, [Role.CONTENT], OPERATOR)

    assert (await as_operator(ann)).roles == [Role.SUPPORT]
    with pytest.raises(NotAnOperator):
        await operators.dismiss(conn, person, [Role.CONTENT], OPERATOR)


async def test_nobody_gives_or_takes_their_own_roles(conn: Connection) -> None:
    bob = await made(conn, BOB, Role.ADMINISTRATOR)
    person = await people.existing(conn, BOB)

    with pytest.raises(OwnRoles):
        await operators.appoint(conn, person, [Role.CONTENT], HERE, by=bob)
    with pytest.raises(OwnRoles):
        await operators.dismiss(conn, person, [Role.ADMINISTRATOR], HERE, by=bob)


async def test_the_last_administrator_stays_unless_the_command_line_says_otherwise(conn: Connection) -> None:
    await made(conn, BOB, Role.ADMINISTRATOR)
    gone = Operator(person=0, email=CAT, roles=[Role.ADMINISTRATOR], proved=True)

    with pytest.raises(LastAdministrator):
        await operators.dismiss(conn, await people.existing(conn, BOB), list(Role), HERE, by=gone)
    await operators.dismiss(conn, await people.existing(conn, BOB), list(Role), OPERATOR)

    assert await operators.listed(conn, limit=10) == []


async def test_support_acts_upon_clients_and_upon_no_operator(conn: Connection) -> None:
    bob, cat = await made(conn, BOB, Role.SUPPORT), await made(conn, CAT, Role.READER)
    ann = await someone(conn)

    await operators.over(conn, bob, ann.id)
    await operators.over(conn, bob, bob.person)
    with pytest.raises(OverOperators):
        await operators.over(conn, bob, cat.person)
    with pytest.raises(OwnRoles):
        await operators.over(conn, bob, bob.person, own=False)


async def test_an_administrator_acts_upon_operators_but_not_without_a_second_factor(conn: Connection) -> None:
    bob, cat = await made(conn, BOB, Role.ADMINISTRATOR), await made(conn, CAT, Role.READER)

    await operators.over(conn, bob, cat.person)
    with pytest.raises(OverOperators):
        await operators.over(conn, Operator(person=bob.person, email=BOB, roles=bob.roles, proved=False), cat.person)


async def test_the_history_tells_who_was_made_an_operator_and_by_whom(conn: Connection) -> None:
    bob = await made(conn, BOB, Role.ADMINISTRATOR)
    await someone(conn, email=CAT)
    with pytest.raises(NoFactorYet):
        await operators.appoint(conn, await people.existing(conn, CAT), [Role.CONTENT], HERE, by=bob)
    cat = structs.replace(await people.existing(conn, CAT), has_factor=True)

    await operators.appoint(conn, cat, [Role.CONTENT], HERE, by=bob)
    await operators.dismiss(conn, cat, [Role.CONTENT], HERE, by=bob)

    signature = f", by operator {bob.person} ({BOB})"
    assert await conn.values(TOLD, action="operator.add") == [
        f"{BOB} is an operator: administrator",
        f"{CAT} is an operator: content{signature}",
    ]
    assert await conn.values(TOLD, action="operator.remove") == [f"{CAT} is no operator any more: content{signature}"]
    assert (await conn.values(DETAIL, action="operator.remove")) == [{"operator": bob.person}]


async def test_who_gave_a_role_is_listed(conn: Connection) -> None:
    bob = await made(conn, BOB, Role.ADMINISTRATOR)
    await someone(conn, email=CAT)
    cat = structs.replace(await people.existing(conn, CAT), has_factor=True)
    await operators.appoint(conn, cat, [Role.CONTENT, Role.READER], HERE, by=bob)

    first, *others = await operators.listed(conn, limit=10)
    rest = await operators.listed(conn, after=(first.person, first.role), limit=10)

    assert (first.email, first.role, first.by, first.has_factor) == (BOB, Role.ADMINISTRATOR, None, False)
    assert [(each.email, each.role, each.by) for each in others] == [
        (CAT, Role.CONTENT, BOB),
        (CAT, Role.READER, BOB),
    ]
    assert rest == others


async def test_giving_a_role_again_is_told_once(conn: Connection) -> None:
    await made(conn, BOB, Role.READER)

    await operators.appoint(conn, await people.existing(conn, BOB), [Role.READER], OPERATOR)

    assert len(await conn.values(TOLD, action="operator.add")) == 1


def test_who_did_it_is_told_however_long_the_rest_is() -> None:
    by = Operator(person=7, email=f"{'a' * 240}@example.com", roles=[], proved=True)

    told = operators.signed("x" * 400, by)

    assert len(told) == LONGEST_RULE
    assert ", by operator 7 (aaa" in told


async def test_what_an_operator_does_is_told_on_their_channel(conn: Connection) -> None:
    bob = await made(conn, BOB, Role.SUPPORT)
    source = Source(channel="cabinet")

    await operators.act(conn, bob, NOBODY, "news.publish", "news 4 is published", source, news=4)

    assert await conn.values("SELECT channel FROM authorizations WHERE action = 'news.publish'") == ["cabinet"]
    assert await conn.values(DETAIL, action="news.publish") == [{"news": 4, "operator": bob.person}]


async def signed_in(conn: Connection) -> Someone:
    """Add a person who is signed in, and proved it once more."""
    ann = await someone(conn)
    await ann.sign_in()
    await ann.step_up()
    return ann
