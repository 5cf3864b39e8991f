"""Seals: what is sealed and when, the witness, and what goes on after a restore."""

from datetime import timedelta
from pathlib import Path

import pytest

from opencabinet.access import changed
from opencabinet.access.history import Sealer, jobs, seals, store, verify, witness
from opencabinet.access.history.model import Fact
from opencabinet.access.history.seals import Place
from opencabinet.db import Connection
from tests.access.sealing import COPY, HOME, KEY, Sealed, ahead, history, newest, rowid


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
