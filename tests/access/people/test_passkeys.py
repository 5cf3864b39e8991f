"""Passkeys, against a device in software that tells the truth or lies in one point."""

import json
from typing import Any

import pytest
from webauthn.helpers import bytes_to_base64url

from opencabinet.access.people import ProofRefused, factors
from opencabinet.access.people.factors import FactorMissing, PasskeyAnswer
from opencabinet.access.people.factors.model import MOST_PASSKEYS, BadPasskeyName, PasskeyKnown
from opencabinet.db import Connection
from tests.access.people.authenticator import PRESENT, VERIFIED, Authenticator
from tests.access.people.person import HERE, SITE, Someone, signed_in

LIES: list[dict[str, Any]] = [
    {"origin": "https://cabinet.example.evil"},
    {"origin": "http://cabinet.example"},
    {"origin": "https://cabinet.example:8443"},
    {"domain": "evil.example"},
    {"kind": "payment.get"},
    {"challenge": bytes_to_base64url(b"c" * 64)},
    {"cross": True},
]


async def with_passkey(conn: Connection, email: str = "ann@example.com") -> tuple[Someone, Authenticator]:
    """Add a person with a passkey, who signed in and is asked for it."""
    ann, device = await signed_in(conn, email=email), Authenticator()
    await ann.enrol_passkey(device)
    assert await ann.sign_in()
    return ann, device


async def refused(ann: Someone, answer: str) -> None:
    """See that an answer does not complete the sign-in."""
    with pytest.raises(ProofRefused):
        await ann.complete(PasskeyAnswer(SITE, answer))
    assert ann.history.last == ("session.prove", False)


async def test_a_passkey_completes_a_sign_in_and_steps_up(conn: Connection) -> None:
    ann, device = await with_passkey(conn)

    session = await ann.complete(await ann.answered(await ann.waiting(), device))
    assert (session.good, session.level) == (True, "second factor")
    session = await ann.step_up(await ann.answered(session, device))

    assert session.stepped_up
    [kept] = await factors.passkeys(conn, ann.id)
    assert (kept.id, kept.name, kept.sign_count, kept.transports) == (device.id, "Key", 2, ["internal", "usb"])
    assert kept.used_at is not None


async def test_each_of_several_passkeys_is_good(conn: Connection) -> None:
    ann, devices = await signed_in(conn), [Authenticator() for _ in range(3)]
    for device in devices:
        session = await ann.enrol_passkey(device)

    for device in devices:
        session = await ann.step_up(await ann.answered(session, device))

    assert [each.sign_count for each in await factors.passkeys(conn, ann.id)] == [1, 1, 1]


async def test_a_device_that_does_not_count_is_good_again_and_again(conn: Connection) -> None:
    ann, device = await signed_in(conn), Authenticator(counts=False)
    session = await ann.enrol_passkey(device)

    for _ in range(3):
        session = await ann.step_up(await ann.answered(session, device))


@pytest.mark.parametrize(
    "lie", [*LIES, {"kind": "webauthn.create"}, {"flags": 0}, {"flags": VERIFIED}, {"user": "AAAA"}]
)
async def test_a_signature_that_lies_in_one_point_is_refused(conn: Connection, lie: dict[str, Any]) -> None:
    ann, device = await with_passkey(conn)
    proof = await ann.answered(await ann.waiting(), device, **lie)

    await refused(ann, proof.answer)


@pytest.mark.parametrize("lie", [*LIES, {"kind": "webauthn.get"}])
async def test_a_registration_that_lies_in_one_point_is_refused(conn: Connection, lie: dict[str, Any]) -> None:
    ann = await signed_in(conn)

    with pytest.raises(ProofRefused):
        await ann.enrol_passkey(Authenticator(), **lie)

    assert ann.history.last == ("factor.add", False)
    assert await factors.passkeys(conn, ann.id) == []


async def test_an_answer_is_good_once(conn: Connection) -> None:
    ann, device = await with_passkey(conn)
    proof = await ann.answered(await ann.waiting(), device)
    await ann.complete(proof)

    with pytest.raises(ProofRefused):
        await ann.step_up(proof)
    await ann.sign_in()
    await refused(ann, proof.answer)


async def test_a_wrong_answer_uses_up_what_was_asked(conn: Connection) -> None:
    ann, device = await with_passkey(conn)
    proof = await ann.answered(await ann.waiting(), device)

    await refused(ann, "{}")
    await refused(ann, proof.answer)


async def test_an_answer_is_good_for_five_minutes(conn: Connection) -> None:
    ann, device = await with_passkey(conn)
    proof = await ann.answered(await ann.waiting(), device)
    assert await conn.value("SELECT expires_at - now() FROM challenges")
    await conn.run("UPDATE challenges SET expires_at = now()")

    await refused(ann, proof.answer)


async def test_an_answer_to_another_session_is_refused(conn: Connection) -> None:
    ann, device = await with_passkey(conn)
    elsewhere = await ann.answered(await ann.waiting(), device)
    await ann.sign_in()
    await ann.answered(await ann.waiting(), device)

    await refused(ann, elsewhere.answer)


async def test_another_persons_passkey_is_refused(conn: Connection) -> None:
    ann, _ = await with_passkey(conn)
    _, bobs = await with_passkey(conn, email="bob@example.com")

    proof = await ann.answered(await ann.waiting(), bobs)

    await refused(ann, proof.answer)


async def test_a_key_that_claims_to_be_another_is_refused(conn: Connection) -> None:
    ann, device = await with_passkey(conn)
    forged = Authenticator(id=device.id, user=device.user, count=device.count)

    await refused(ann, (await ann.answered(await ann.waiting(), forged)).answer)


@pytest.mark.parametrize("count", [0, 4, 5])
async def test_a_count_that_does_not_grow_tells_of_a_copy(conn: Connection, count: int) -> None:
    ann, device = await with_passkey(conn)
    device.count = 4
    await ann.complete(await ann.answered(await ann.waiting(), device))
    await ann.sign_in()

    await refused(ann, (await ann.answered(await ann.waiting(), device, count=count)).answer)
    [kept] = await factors.passkeys(conn, ann.id)
    assert kept.sign_count == 5


@pytest.mark.parametrize("part", ["clientDataJSON", "authenticatorData", "signature"])
async def test_a_changed_part_is_refused(conn: Connection, part: str) -> None:
    ann, device = await with_passkey(conn)
    told = json.loads((await ann.answered(await ann.waiting(), device)).answer)
    text = told["response"][part]
    told["response"][part] = text[:20] + ("A" if text[20] != "A" else "B") + text[21:]

    await refused(ann, json.dumps(told))


NONSENSE = [
    "",
    "null",
    "[]",
    "{",
    '{"id": 1}',
    '{"id":"AA","response":{}}',
    "[" * 10_000,
    "x" * 100_000,
    "\ud800",
    "{}",
]


@pytest.mark.parametrize("answer", NONSENSE)
async def test_nonsense_is_refused(conn: Connection, answer: str) -> None:
    ann, device = await with_passkey(conn)
    await ann.answered(await ann.waiting(), device)
    await refused(ann, answer)

    bob = await signed_in(conn, email="bob@example.com")
    await factors.begin_passkey(conn, bob.means, await bob.session(), SITE)
    with pytest.raises(ProofRefused):
        await factors.confirm_passkey(conn, bob.means, await bob.session(), SITE, answer, "Key", HERE)


async def test_a_passkey_is_registered_once_and_ten_at_most(conn: Connection) -> None:
    ann, bob = await signed_in(conn), await signed_in(conn, email="bob@example.com")
    device = Authenticator()
    await ann.enrol_passkey(device)
    for person in (ann, bob):
        with pytest.raises(PasskeyKnown):
            await person.enrol_passkey(device)
    for _ in range(MOST_PASSKEYS - 1):
        await ann.enrol_passkey(Authenticator())

    with pytest.raises(PasskeyKnown):
        await ann.enrol_passkey(Authenticator())


async def test_what_a_browser_is_asked_tells_nothing_of_the_person(conn: Connection) -> None:
    ann, device = await with_passkey(conn)

    asked = await factors.ask_passkey(conn, ann.means, await ann.waiting(), SITE)

    assert "ann" not in asked
    assert bytes_to_base64url(device.id) in asked
    assert len(device.user) == 43
    assert json.loads(asked)["rpId"] == "cabinet.example"


async def test_somebody_without_a_passkey_is_not_asked_for_one(conn: Connection) -> None:
    ann = await signed_in(conn)

    with pytest.raises(FactorMissing):
        await factors.ask_passkey(conn, ann.means, await ann.session(), SITE)


@pytest.mark.parametrize("name", ["", "  ", "x" * 65, "a\nb"])
async def test_a_passkey_has_a_name(conn: Connection, name: str) -> None:
    ann = await signed_in(conn)

    with pytest.raises(BadPasskeyName):
        await factors.confirm_passkey(conn, ann.means, await ann.session(), SITE, "{}", name, HERE)


async def test_presence_alone_is_enough_beside_the_password(conn: Connection) -> None:
    ann, device = await with_passkey(conn)

    await ann.complete(await ann.answered(await ann.waiting(), device, flags=PRESENT))
