"""Seals: whatever is done to the history behind our back is found and named."""

import random
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from msgspec import structs

from opencabinet.access import changed
from opencabinet.access.history import Sealer, jobs, seals, store, verify, witness
from opencabinet.access.history.model import Fact
from opencabinet.access.history.seals import Ends, Place
from opencabinet.db import Connection
from tests.access.sealing import HOME, KEY, Sealed, history

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


@pytest.fixture
async def sealed(committed: Connection) -> AsyncIterator[Sealed]:
    """Give a history of three batches, each of three changes and three refusals."""
    async with history(committed) as made:
        yield made


async def rowid(sealed: Sealed, *, granted: bool = True, place: int = 3) -> int:
    """Return the id of a row in the middle."""
    ids = await sealed.conn.values(
        "SELECT id FROM authorizations WHERE granted = %(granted)s ORDER BY id", granted=granted
    )
    return int(ids[place])


async def test_a_history_nobody_touched_is_whole(sealed: Sealed) -> None:
    report = await sealed.report()

    assert report.findings == []
    assert (report.wrong, report.seals, report.rows, report.witnessed) == (0, 3, 18, 3)
    assert (report.forgotten, report.pending) == (0, 0)
    assert report.whole_at


async def test_changes_are_sealed_at_once_and_refusals_when_their_minute_is_over(committed: Connection) -> None:
    async with history(committed, batches=0) as sealed:
        await sealed.grow(1)
        await store.tell(committed, [(Fact(login=sealed.login, source=HOME, action="read", rule="new"), 1)], [])
        await changed(committed, sealed.login, "policy.change", HOME, rule="new")

        assert await sealed.seal() == 1
        report = await sealed.report()
        assert (report.wrong, report.rows, report.pending) == (0, 3, 1)


async def test_rows_of_a_running_transaction_are_waited_for(sealed: Sealed, database: str) -> None:
    async with await Connection.open(database) as other:
        async with other.transaction():
            await changed(other, sealed.login, "policy.change", HOME, rule="early")
            await changed(sealed.conn, sealed.login, "policy.change", HOME, rule="late")
            assert await sealed.seal() == 0
        assert await sealed.seal() == 2
    assert await sealed.wrong() == []


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


COPY = """
INSERT INTO authorizations (login, id, at, last_at, minute, xid, channel, action, family, derived_from, user_agent,
                            granted, rule, request_id)
OVERRIDING SYSTEM VALUE
SELECT login, {id}, {at}, {at}, minute, {xid}, channel, action, family, derived_from, user_agent, granted,
       'forged', request_id
  FROM authorizations WHERE id = %(id)s
"""


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


async def test_what_may_be_forgotten_is_not_missed(sealed: Sealed) -> None:
    report = await sealed.report()
    verifier = verify.Verifier(sealed.conn, {seals.public(KEY)}, sealed.sealer.path, lambda _: None)
    verifier.today += 91
    await sealed.tamper("DELETE FROM authorizations WHERE NOT granted")

    later = await verifier.verify()

    assert (later.wrong, later.rows, later.forgotten) == (0, report.rows // 2, report.rows // 2)
    assert (await sealed.report()).wrong == 9, "Today they are missed."


async def test_leaves_are_forgotten_once_all_rows_may_be_gone(sealed: Sealed) -> None:
    await sealed.tamper("DELETE FROM authorizations")
    await sealed.tamper("UPDATE seals SET leaves = ''")
    verifier = verify.Verifier(sealed.conn, {seals.public(KEY)}, sealed.sealer.path, lambda _: None)
    verifier.today += 401

    later = await verifier.verify()

    assert (later.wrong, later.forgotten) == (0, 18)
    assert (await sealed.report()).wrong == 3, "Today they are missed."
    assert await store.forget_leaves(sealed.conn) == 0


async def restore(sealed: Sealed, rule: str) -> None:
    """Let seals and a row that is not sealed be of an older server, whose transactions have numbers yet to come."""
    await store.keep(sealed.conn, ahead(await newest(sealed)))
    await changed(sealed.conn, sealed.login, "policy.change", HOME, rule=rule)
    await sealed.tamper(
        "UPDATE authorizations SET xid = '9000000000001' WHERE id = (SELECT max(id) FROM authorizations)"
    )


async def test_a_restored_backup_goes_on(sealed: Sealed) -> None:
    """A younger server counts its transactions anew: what was sealed has numbers that are yet to come."""
    conn = sealed.conn
    await restore(sealed, "not sealed when the backup was made")
    assert await sealed.seal() == 0

    await sealed.sealer.begin(conn)
    assert await sealed.seal() == 1
    await sealed.grow()

    report = await sealed.report()
    assert (report.findings, report.rows, report.pending) == ([], 25, 0)
    number = await rowid(sealed, place=0)
    await sealed.tamper("UPDATE authorizations SET rule = 'forged' WHERE id = %(id)s", id=number)
    await sealed.tamper(COPY.format(id="id + 100000", at="at", xid="'9000000000005'"), id=await rowid(sealed, place=8))
    assert len(await sealed.wrong()) >= 2


async def test_what_a_younger_server_tells_before_the_worker_begins_is_sealed(sealed: Sealed) -> None:
    conn = sealed.conn
    await restore(sealed, "left by the older server")
    await changed(conn, sealed.login, "policy.change", HOME, rule="written by a web process of the younger one")

    await sealed.sealer.begin(conn)

    assert await sealed.seal() == 2
    report = await sealed.report()
    assert (report.findings, report.rows, report.pending) == ([], 20, 0)
    await sealed.tamper(COPY.format(id="id - 1000", at="at", xid="'5'"), id=await rowid(sealed, place=0))
    assert len(await sealed.wrong()) == 1, "What is put in below the floor is found still."


async def test_a_minute_that_is_yet_to_come_is_not_sealed(sealed: Sealed) -> None:
    fact = Fact(login=sealed.login, source=HOME, action="read", function="balance", rule="by a clock that was ahead")
    await store.tell(sealed.conn, [(fact, 1)], [])
    await sealed.tamper(
        "UPDATE authorizations SET at = at + %(by)s, last_at = last_at + %(by)s, minute = minute + %(by)s"
        " WHERE rule = %(rule)s",
        by=timedelta(minutes=2),
        rule=fact.rule,
    )

    assert await sealed.seal() == 0
    assert (await sealed.report()).pending == 1


async def newest(sealed: Sealed) -> seals.Seal:
    """Return the newest seal."""
    found = await store.last(sealed.conn)
    assert found
    return found


def ahead(before: seals.Seal) -> seals.Seal:
    """Make a seal of an older server, that has counted more transactions."""
    place = structs.replace(before.place, granted_xid=9_000_000_000_000)
    return seals.signed(
        KEY, before, at=before.at, rows=0, leaves=b"", place=place, whole_at=before.whole_at, until=9000
    )


async def test_a_witness_that_missed_seals_is_told_of_them(sealed: Sealed) -> None:
    sealed.sealer.path.unlink()
    await Sealer(KEY, sealed.sealer.path).begin(sealed.conn)

    report = await sealed.report()
    assert (report.wrong, report.witnessed) == (0, 3)


async def test_a_witness_that_lost_what_it_knew_is_wrong(sealed: Sealed, monkeypatch: pytest.MonkeyPatch) -> None:
    path = sealed.sealer.path
    first, second, third = path.read_bytes().splitlines(keepends=True)
    for left, found in (
        ([second, third], ["batch 1: the witness does not know this seal, of 1 that it should know"]),
        ([first, third], ["batch 2: the witness does not know this seal, of 1 that it should know"]),
        ([first, second], []),
        ([], ["batch 1: the witness does not know this seal, of 3 that it should know"]),
    ):
        path.write_bytes(b"".join(left))
        assert await sealed.wrong() == found

    path.write_bytes(first)
    monkeypatch.setattr(verify, "UNHEARD", timedelta(minutes=-1))
    assert await sealed.wrong() == ["batch 2: the witness does not know this seal, of 2 that it should know"]


async def test_a_line_that_was_cut_by_a_crash_is_written_again(sealed: Sealed) -> None:
    whole = sealed.sealer.path.read_bytes()
    sealed.sealer.path.write_bytes(whole[:-30])
    await Sealer(KEY, sealed.sealer.path).begin(sealed.conn)

    report = await sealed.report()
    assert (report.wrong, report.witnessed) == (0, 3)
    assert [line.number for line in witness.lines(sealed.sealer.path)] == [1, 2, 3]


async def test_sealing_goes_on_while_the_witness_cannot_be_written(sealed: Sealed) -> None:
    path = sealed.sealer.path
    path.rename(path.with_suffix(".away"))
    path.mkdir()
    await sealed.grow()
    await sealed.grow()
    path.rmdir()
    path.with_suffix(".away").rename(path)
    await sealed.grow()

    report = await sealed.report()
    assert (report.wrong, report.seals, report.witnessed) == (0, 6, 6)


def test_a_witness_is_its_owners_and_says_when(tmp_path: Path) -> None:
    assert witness.newest(tmp_path / "none") is None
    assert witness.same_volume(tmp_path / "new" / "file", tmp_path)
    assert not witness.same_volume(Path("/proc/file"), tmp_path)


async def test_a_big_backlog_is_sealed_in_several_batches(
    committed: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "MOST_ROWS", 8)
    async with history(committed, batches=0) as sealed:
        await sealed.grow(9)

        report = await sealed.report()
        assert (report.wrong, report.rows, report.pending) == (0, 18, 0)
        assert report.seals >= 3


async def test_findings_are_bounded(sealed: Sealed) -> None:
    await sealed.grow(80)
    await sealed.tamper("UPDATE authorizations SET rule = 'forged ' || id")

    report = await sealed.report()

    assert (len(report.findings), report.wrong) == (100, 178)


async def test_reading_is_enough_to_verify_and_serving_cannot_change_what_is_sealed(sealed: Sealed) -> None:
    await sealed.conn.run("SET ROLE opencabinet_read")
    try:
        assert (await sealed.report()).wrong == 0
    finally:
        await sealed.conn.run("RESET ROLE")


async def test_a_place_reaches_what_comes_before_it() -> None:
    place = Place(granted_xid=5, granted_id=10, floor=2)

    assert place.of(granted=True) == (5, 10)
    assert place.of(granted=False) == (0, 0)


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
