"""Tampering: whatever is done to the history behind our back is found and named."""

import random

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from opencabinet.access.history import seals, store, verify
from opencabinet.access.history.seals import Ends
from opencabinet.db import Connection
from tests.access.sealing import COPY, Sealed, rowid

COLUMNS = "SELECT column_name::text FROM information_schema.columns WHERE table_name = %(table)s ORDER BY 1"
GENERATED = {"network", "id"}
OTHERWISE = {
    "login": "login + 1",
    "at": "at - interval '1 second'",
    "channel": "'peanut'",
    "action": "'policy.changes'",
    "family": "'partner'",
    "function": "'orders'",
    "address": "'198.51.100.9'",
    "derived_from": "'elsewhere'",
    "user_agent": "'another'",
    "granted": "NOT granted",
    "rule": "'another rule'",
    "detail": "'{\"a\": 1}'",
    "first": "decode(repeat('00', 32), 'hex')",
    "xid": "'3'",
    "request_id": "'def'",
    "times": "times + 1",
    "last_at": "last_at + interval '1 second'",
    "minute": "minute - interval '1 minute'",
}
"""To each column another value."""
EDIT = "UPDATE authorizations SET {} WHERE id = %(id)s"


@pytest.mark.parametrize("granted", [True, False])
@pytest.mark.parametrize("column", sorted(OTHERWISE))
async def test_a_change_of_any_column_is_found(sealed: Sealed, column: str, *, granted: bool) -> None:
    number = await rowid(sealed, granted=granted)
    await sealed.tamper(EDIT.format(f"{column} = {OTHERWISE[column]}"), id=number)

    wrong = await sealed.wrong()

    assert wrong
    assert all(f"row {number}: " in finding for finding in wrong)


async def test_every_column_is_sealed(conn: Connection) -> None:
    assert set(await conn.values(COLUMNS, table="authorizations")) == {*OTHERWISE, *GENERATED}


@pytest.mark.parametrize("granted", [True, False])
async def test_a_row_that_is_removed_is_found(sealed: Sealed, *, granted: bool) -> None:
    number = await rowid(sealed, granted=granted)
    await sealed.tamper("DELETE FROM authorizations WHERE id = %(id)s", id=number)

    assert await sealed.wrong() == [f"batch 2: login {sealed.login}, row {number}: it was removed, or put elsewhere"]


@pytest.mark.parametrize("granted", [True, False])
@pytest.mark.parametrize("forged", ["id + 100000", "-5", "0"])
async def test_a_row_that_is_put_in_late_is_found(sealed: Sealed, forged: str, *, granted: bool) -> None:
    number = await rowid(sealed, granted=granted)
    await sealed.tamper(COPY.format(id=forged, at="at", xid="xid"), id=number)
    await sealed.seal()

    [wrong] = await sealed.wrong()
    assert "it was put in" in wrong


@pytest.mark.parametrize("granted", [True, False])
async def test_a_row_with_a_time_long_ago_is_found_though_it_is_sealed(sealed: Sealed, *, granted: bool) -> None:
    number = await rowid(sealed, granted=granted)
    forged = COPY.format(id="id + 100000", at="at - interval '3 hours'", xid="pg_current_xact_id()")
    await sealed.tamper(forged, id=number)
    assert await sealed.seal() == 1

    [wrong] = await sealed.wrong()
    assert "its time is not that of its batch" in wrong


async def test_rows_that_change_places_are_found(sealed: Sealed) -> None:
    one, two = await rowid(sealed, place=3), await rowid(sealed, place=4)
    for old, new in ((one, 900_001), (two, 900_002), (900_001, two), (900_002, one)):
        swap = "UPDATE authorizations SET id = DEFAULT WHERE id = %(old)s"
        await sealed.tamper("ALTER SEQUENCE authorizations_id_seq RESTART WITH " + str(new))
        await sealed.tamper(swap, old=old)

    assert {finding.partition("row ")[2].partition(":")[0] for finding in await sealed.wrong()} == {str(one), str(two)}


async def test_times_that_change_places_are_found(sealed: Sealed) -> None:
    one, two = await rowid(sealed, place=0), await rowid(sealed, place=8)
    await sealed.tamper(
        "UPDATE authorizations AS here SET at = there.at, xid = there.xid FROM authorizations AS there"
        " WHERE here.id IN (%(one)s, %(two)s) AND there.id IN (%(one)s, %(two)s) AND here.id <> there.id",
        one=one,
        two=two,
    )

    assert len(await sealed.wrong()) >= 2


@pytest.mark.parametrize(
    "change",
    [
        "at = at + interval '1 second'",
        "rows = rows - 1",
        "root = sha256(root)",
        "previous = sha256(previous)",
        "granted_xid = granted_xid + 1",
        "granted_id = granted_id - 1",
        "refused_xid = refused_xid + 1",
        "refused_id = refused_id - 1",
        "whole_at = whole_at - interval '1 hour'",
        "until = until - 400",
        "key = sha256(key)",
        "signature = sha256(signature) || sha256(signature)",
        "leaves = leaves || leaves",
        "leaves = ''",
        "leaves = set_byte(leaves, 5, 7)",
        "floor = floor + 3",
    ],
)
@pytest.mark.parametrize("number", [1, 3])
async def test_a_change_of_a_seal_is_found(sealed: Sealed, change: str, number: int) -> None:
    await sealed.tamper(f"UPDATE seals SET {change} WHERE number = %(number)s", number=number)  # noqa: S608 - a test

    wrong = await sealed.wrong(witness=False)

    assert wrong
    assert any(f"batch {number}: " in finding for finding in wrong)


@pytest.mark.parametrize("number", [1, 2])
async def test_a_seal_that_is_removed_is_found(sealed: Sealed, number: int) -> None:
    await sealed.tamper("DELETE FROM seals WHERE number = %(number)s", number=number)

    assert f"batch {number + 1}: the seals before it are missing" in await sealed.wrong(witness=False)


async def test_a_seal_that_is_removed_and_its_followers_renumbered_is_found(sealed: Sealed) -> None:
    await sealed.tamper("DELETE FROM seals WHERE number = 2")
    await sealed.tamper("UPDATE seals SET number = 2 WHERE number = 3")

    assert any("does not follow" in finding for finding in await sealed.wrong(witness=False))


CUT = """
WITH gone AS (DELETE FROM seals WHERE number = 3)
DELETE FROM authorizations WHERE id IN (SELECT id FROM authorizations ORDER BY id DESC LIMIT 6)
"""


async def test_a_tail_that_is_cut_is_shown_by_the_witness_alone(sealed: Sealed) -> None:
    await sealed.tamper(CUT)

    assert await sealed.wrong(witness=False) == []
    assert await sealed.wrong() == ["batch 3: the witness knows this seal, and it is not there"]


async def test_a_tail_that_is_cut_and_grown_anew_is_shown_by_the_witness(sealed: Sealed) -> None:
    await sealed.tamper(CUT)
    await sealed.grow()
    await sealed.grow()

    assert await sealed.wrong(witness=False) == []
    assert "batch 3: the witness knows two seals of this number" in await sealed.wrong()


async def test_a_whole_log_that_is_replaced_is_found(sealed: Sealed, committed: Connection) -> None:
    ours, sealed.sealer.key = sealed.sealer.key, Ed25519PrivateKey.from_private_bytes(b"x" * 32)
    await sealed.tamper("TRUNCATE seals, authorizations")
    for _ in range(3):
        await sealed.grow()
    sealed.sealer.key = ours

    wrong = await sealed.wrong(witness=False)
    assert [finding for finding in wrong if "a key that is not ours" in finding]
    assert [finding for finding in await sealed.wrong() if "the witness knows" in finding]
    del committed


async def test_a_whole_log_that_is_replaced_with_our_own_key_is_shown_by_the_witness(sealed: Sealed) -> None:
    await sealed.tamper("TRUNCATE seals, authorizations")
    for _ in range(3):
        await sealed.grow()

    assert await sealed.wrong(witness=False) == []
    assert len([finding for finding in await sealed.wrong() if "the witness knows another" in finding]) == 3


async def test_a_log_that_is_emptied_is_shown_by_the_witness(sealed: Sealed) -> None:
    await sealed.tamper("TRUNCATE seals, authorizations")

    assert len(await sealed.wrong()) == 3


async def test_whoever_leaves_the_chain_out_misses_what_it_finds(
    sealed: Sealed, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rows and seals are changed so that they agree; only the chain and the signature do not."""
    number = await rowid(sealed)
    await sealed.tamper("UPDATE authorizations SET rule = 'forged' WHERE id = %(id)s", id=number)
    [first, second, _] = await store.seals(sealed.conn, 0, limit=9, rows=99)
    records = [
        record
        for granted in (True, False)
        for record in await store.rows(
            sealed.conn,
            99,
            after=first.place.of(granted=granted),
            last=second.place.of(granted=granted),
            granted=granted,
            floor=0,
            ceiling=2**62,
        )
    ]
    ends = Ends(second.at, second.granted_xid + 1, second.refused_xid + 1)
    forged = seals.seal(Ed25519PrivateKey.from_private_bytes(b"x" * 32), first, records, ends, 99)
    await sealed.tamper(
        "UPDATE seals SET root = %(root)s, leaves = %(leaves)s WHERE number = 2", root=forged.root, leaves=forged.leaves
    )

    assert await sealed.wrong(witness=False)
    monkeypatch.setattr(verify.Verifier, "authentic", lambda *_: None)
    assert await sealed.wrong(witness=False), "The chain finds it without the signature."
    monkeypatch.setattr(verify.Verifier, "link", unlinked)
    assert await sealed.wrong(witness=False) == []


def unlinked(self: verify.Verifier, seal: seals.Seal, _: seals.Seal | None) -> None:
    """Look at no chain."""
    self.earliest[seal.number], self.latest[seal.number] = -(2**63), 2**63


@pytest.mark.parametrize("seed", range(8))
async def test_no_tampering_at_random_goes_unseen(sealed: Sealed, seed: int) -> None:
    """Several rows are edited, removed and put in at once; each is named."""
    chance = random.Random(seed)  # noqa: S311 - no secret
    ids = await sealed.conn.values("SELECT id FROM authorizations ORDER BY id")
    touched = chance.sample(ids, chance.randint(1, 6))
    for number in touched:
        column = chance.choice(sorted(OTHERWISE))
        statement = chance.choice(
            [
                EDIT.format(f"{column} = {OTHERWISE[column]}"),
                "DELETE FROM authorizations WHERE id = %(id)s",
                COPY.format(id="id + 1000000", at="at", xid="xid"),
            ]
        )
        await sealed.tamper(statement, id=number)

    wrong = await sealed.wrong()

    for number in touched:
        assert any(f"row {each}: " in finding for finding in wrong for each in (number, number + 1_000_000)), number
