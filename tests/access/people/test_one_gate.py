"""No path tries a secret but through the throttle, and no refusal or change goes untold."""

import ast
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from opencabinet.access import people
from opencabinet.access.people import factors
from opencabinet.access.people.factors import AppCode, PasskeyAnswer, PasswordProof, RecoveryCode, recovery
from opencabinet.access.people.means import subject_of_password
from opencabinet.db import Connection
from opencabinet.kernel.problem import Problem, Throttled
from tests.access.people.authenticator import Authenticator
from tests.access.people.person import EMAIL, HERE, OTHER, PASSWORD, SITE, Someone, signed_in

ROOM = Path(people.__file__).parent
LOOKS_AT_SECRETS = {"verified", "holds", "step_of", "registered", "signed", "code"}
"""Functions that tell whether a secret is right; `code` is the store's look at a code for setting a password."""
INSIDE = {"holds", "code_holds", "passkey_holds"}
"""What `prove` calls within its attempt."""
NO_DOOR = {"is_owners_password", "is_api_password"}
"""They tell one's own new password from an old one; they let nobody in."""

Verb = Callable[[Someone], Awaitable[object]]


async def signs_in(ann: Someone) -> object:
    return await people.sign_in(ann.conn, ann.means, email=EMAIL, password=PASSWORD, source=HERE)


async def changes(ann: Someone) -> object:
    session = await ann.session()
    return await people.change_password(ann.conn, ann.means, session, old=PASSWORD, new=OTHER, source=HERE)


async def sets_by_code(ann: Someone) -> object:
    means, code = ann.means, recovery.make()
    await people.set_password_by_code(ann.conn, means, code, OTHER, source=HERE)
    return None


async def confirms_an_app(ann: Someone) -> object:
    return await ann.enrol_app()


async def confirms_a_passkey(ann: Someone) -> object:
    return await ann.enrol_passkey(Authenticator(), origin="https://evil.example")


def steps_up(proof: factors.Proof) -> Verb:
    async def verb(ann: Someone) -> object:
        return await ann.step_up(proof)

    return verb


def completes(proof: factors.Proof) -> Verb:
    async def verb(ann: Someone) -> object:
        ann.throttle.full = False
        await ann.enrol_app()
        await ann.sign_in()
        ann.throttle.full = True
        return await ann.complete(proof)

    return verb


PROOFS = (
    PasswordProof(PASSWORD),
    AppCode("000000"),
    RecoveryCode(recovery.make()),
    PasskeyAnswer(SITE, "{}"),
)
VERBS = [
    *(signs_in, changes, sets_by_code, confirms_an_app, confirms_a_passkey),
    *map(steps_up, PROOFS),
    *map(completes, PROOFS),
]


@pytest.mark.parametrize("verb", VERBS)
async def test_every_verb_that_takes_a_secret_asks_the_throttle_first(conn: Connection, verb: Verb) -> None:
    ann = await signed_in(conn)
    ann.throttle.full = True

    with pytest.raises(Throttled):
        await verb(ann)


async def test_a_full_throttle_locks_nobody_out_who_shows_what_cannot_be_guessed(conn: Connection) -> None:
    ann, device = await signed_in(conn), Authenticator()
    await ann.enrol_passkey(device)
    codes = await factors.new_recovery_codes(conn, ann.means, await ann.session(), HERE)
    ann.throttle.full = True

    await ann.step_up(RecoveryCode(codes[0]))
    await ann.step_up(await ann.answered(await ann.session(), device))
    code = await people.password_code(conn, ann.means, ann.id, HERE)
    await people.set_password_by_code(conn, ann.means, code, OTHER, source=HERE)

    assert ann.throttle.resets[-1] == subject_of_password(EMAIL)


@pytest.mark.parametrize("proof", PROOFS[1:])
async def test_a_wrong_proof_keeps_its_place_and_is_told(conn: Connection, proof: factors.Proof) -> None:
    ann = await signed_in(conn)
    await ann.enrol_app()
    await ann.sign_in()
    before = len(ann.throttle.reserved), len(ann.throttle.succeeded)

    with pytest.raises(Problem):
        await ann.complete(proof)

    assert (len(ann.throttle.reserved), len(ann.throttle.succeeded)) == (before[0] + 1, before[1])
    assert ann.history.last == ("session.prove", False)


async def test_what_can_be_guessed_is_counted_as_such(conn: Connection) -> None:
    ann = await signed_in(conn)
    await ann.enrol_app()
    await ann.sign_in()
    ann.throttle.reserved.clear()

    for proof in PROOFS:
        with pytest.raises(Problem):
            await ann.complete(proof)

    assert [generated for _, _, generated in ann.throttle.reserved] == [False, False, True, True]
    assert len({subject for subject, _, _ in ann.throttle.reserved}) == 2  # one for passwords, one for factors


def test_secrets_are_looked_at_within_an_attempt_only() -> None:
    outside = []
    looks = 0
    for path in ROOM.rglob("*.py"):
        for function in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(function, ast.AsyncFunctionDef) or path.name == "store.py":
                continue
            attempts = {
                id(node)
                for block in ast.walk(function)
                if isinstance(block, ast.AsyncWith) and "attempt(" in ast.unparse(block.items[0])
                for node in ast.walk(block)
            }
            for node in ast.walk(function):
                if isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] in LOOKS_AT_SECRETS:
                    looks += 1
                    if id(node) not in attempts and function.name not in INSIDE | NO_DOOR:
                        outside.append(f"{path.name}: {function.name}: {ast.unparse(node)}")

    assert outside == []
    assert looks >= 9


def test_a_session_is_begun_and_made_good_in_one_place_each() -> None:
    callers: dict[str, set[str]] = {"sessions.begin": set(), "rotate(conn, session, proved": set()}
    for path in ROOM.rglob("*.py"):
        for function in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(function, ast.AsyncFunctionDef):
                for call, found in callers.items():
                    if call in ast.unparse(function):
                        found.add(function.name)

    assert callers == {
        "sessions.begin": {"begin"},
        "rotate(conn, session, proved": {"proven", "enrolled"},
    }
