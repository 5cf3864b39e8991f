"""Recovery codes: good once each, for whoever has a factor."""

import pytest
from hypothesis import given as drawn
from hypothesis import strategies

from opencabinet.access.people import ProofRefused, factors
from opencabinet.access.people.factors import FactorMissing, RecoveryCode, recovery
from opencabinet.db import Connection
from tests.access.people.person import HERE, signed_in


async def test_recovery_codes_are_good_once_each(conn: Connection) -> None:
    ann = await signed_in(conn)
    await ann.enrol_app()
    codes = await factors.new_recovery_codes(conn, ann.means, await ann.session(), HERE)
    assert len(set(codes)) == 10

    for code in (codes[0], codes[1].upper().replace("-", " ")):
        await ann.sign_in()
        await ann.complete(RecoveryCode(code))
        await ann.sign_in()
        with pytest.raises(ProofRefused):
            await ann.complete(RecoveryCode(code))
    assert await factors.codes_left(conn, ann.id) == 8
    assert not set(await conn.values("SELECT hash FROM recovery_codes")) & {code.encode() for code in codes}


async def test_new_recovery_codes_end_the_old_ones_and_are_ones_own(conn: Connection) -> None:
    ann, bob = await signed_in(conn), await signed_in(conn, email="bob@example.com")
    await bob.enrol_app()
    await ann.enrol_app()
    [old, *_] = await factors.new_recovery_codes(conn, ann.means, await ann.session(), HERE)
    [new, *_] = await factors.new_recovery_codes(conn, ann.means, await ann.session(), HERE)

    for person, code in ((ann, old), (bob, new)):
        await person.sign_in()
        with pytest.raises(ProofRefused):
            await person.complete(RecoveryCode(code))
    await ann.complete(RecoveryCode(new))


async def test_there_are_no_recovery_codes_without_a_factor(conn: Connection) -> None:
    ann = await signed_in(conn)

    with pytest.raises(FactorMissing):
        await factors.new_recovery_codes(conn, ann.means, await ann.session(), HERE)
    with pytest.raises(ProofRefused):
        await ann.step_up(RecoveryCode(recovery.make()))


@drawn(strategies.text(max_size=40))
def test_a_recovery_code_is_the_same_in_any_dress(noise: str) -> None:
    code = recovery.make()
    dress = "".join(letter for letter in noise if letter.lower() not in recovery.LETTERS)[:30]

    assert recovery.hashed(b"k", f"{dress}{code.upper()}") == recovery.hashed(b"k", code)
