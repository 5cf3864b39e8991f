"""Where processes leave their figures: what outlives them, and what does not."""

import asyncio
import fcntl
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

import pytest
from msgspec import msgpack

from opencabinet.db import Using
from opencabinet.edge import slots
from opencabinet.edge.answers import Answers
from opencabinet.edge.counting import Counting, Figures, Turns
from opencabinet.edge.lanes import Lane, Lanes
from opencabinet.edge.reporting import Seen, reporting
from opencabinet.kernel.problem import Overloaded
from opencabinet.settings import Settings

PROCESS = """
import sys
from pathlib import Path
from msgspec import msgpack
from opencabinet.edge import slots
from opencabinet.edge.answers import Answers

slot = slots.take(Path(sys.argv[1]))
slot.figures.edge.hits += int(sys.argv[2])
slot.figures.now.in_flight = 7
slot.leave(msgpack.encode(slot.figures))
print(slot.path.stem, flush=True)
sys.stdin.read()
"""


@contextmanager
def process(folder: Path, hits: int) -> Iterator[tuple["subprocess.Popen[str]", int]]:
    """Run a process that has a slot and left its figures there, and kill it."""
    command = [sys.executable, "-c", PROCESS, str(folder), str(hits)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen(command, text=True, **pipes) as run:  # type: ignore[call-overload]  # noqa: S603 - ourselves
        yield run, int(run.stdout.readline())
        run.kill()
    assert run.returncode == -signal.SIGKILL


def told(folder: Path) -> list[tuple[int, int, bool]]:
    """Return what is left in each slot: what was counted, what is so at the moment, and whether its process lives."""
    return [(each.figures.edge.hits, each.figures.now.in_flight, each.alive) for each in slots.read(folder)]


def test_what_a_killed_process_counted_is_counted_on_from_there(tmp_path: Path) -> None:
    with process(tmp_path, 3) as (_, first), process(tmp_path, 4) as (_, second):
        assert (first, second) == (0, 1)
        assert told(tmp_path) == [(3, 7, True), (4, 7, True)]
    assert told(tmp_path) == [(3, 0, False), (4, 0, False)], "What was so at a moment is over."

    with process(tmp_path, 10) as (_, again):
        assert again == 0
        assert told(tmp_path) == [(13, 7, True), (4, 0, False)]


def test_a_process_that_has_just_begun_is_not_taken_for_the_one_before_it(tmp_path: Path) -> None:
    with process(tmp_path, 3):
        pass
    slot = slots.take(tmp_path)

    assert told(tmp_path) == [(3, 0, True)]
    assert 0 <= time.time() - slot.figures.now.at < 10


def test_a_new_server_counts_anew_but_for_processes_that_live(tmp_path: Path) -> None:
    with process(tmp_path, 3), process(tmp_path, 4) as (second, _):
        second.kill()
        second.wait()
        slots.clear(tmp_path)

        assert told(tmp_path) == [(3, 7, True)]


def test_whoever_looks_holds_up_no_process(tmp_path: Path) -> None:
    slot = slots.take(tmp_path)
    slot.leave(msgpack.encode(slot.figures))

    with slots.looked(tmp_path, 0, fcntl.LOCK_SH) as free:
        assert not free
        assert slots.take(tmp_path).path.stem == "1"


@pytest.mark.parametrize("left", [b"", b"\x81", b"not figures", msgpack.encode({"edge": 1}), msgpack.encode([1])])
def test_figures_that_cannot_be_read_are_none(tmp_path: Path, left: bytes) -> None:
    (tmp_path / "0.lock").touch()
    (tmp_path / "0.figures").write_bytes(left)

    assert told(tmp_path) == []
    slot = slots.take(tmp_path)
    slot.figures.go()
    assert slot.figures == Figures()


def test_half_written_figures_are_never_read(tmp_path: Path) -> None:
    slot = slots.take(tmp_path)
    slot.figures.edge.hits = 5
    slot.leave(msgpack.encode(slot.figures))
    with slot.path.open("rb") as reading:
        slot.figures.edge.hits = 6
        slot.leave(msgpack.encode(slot.figures))
        assert msgpack.decode(reading.read(), type=Figures).edge.hits == 5, "Who reads already goes on to the end."
    slot.path.with_suffix(".new").write_bytes(b"half")  # as by a process that was killed meanwhile

    assert told(tmp_path) == [(6, 0, True)]


def test_where_nothing_can_be_left_all_else_goes_on(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").touch()

    assert slots.taken(None) is None
    assert slots.taken(tmp_path / "file" / "folder") is None
    assert "figures cannot be left" in "".join(capsys.readouterr())


def test_a_full_disk_is_told_of_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    slot = slots.take(tmp_path / "folder")
    for each in (tmp_path / "folder").iterdir():
        each.unlink()
    (tmp_path / "folder").rmdir()

    slot.leave(b"x")
    slot.leave(b"x")

    assert "".join(capsys.readouterr()).count("figures cannot be left") == 1


def test_nothing_is_left_where_nobody_asks_for_metrics(tmp_path: Path) -> None:
    silent, told_at = Settings(home=str(tmp_path)), Settings(home=str(tmp_path), metrics="[::1]:9464")

    assert silent.figures_folder is None
    assert told_at.figures_folder == tmp_path / "figures" / "[::1]:9464"


def test_there_is_an_end_of_slots(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(slots, "MOST", 2)
    held = [slots.take(tmp_path), slots.take(tmp_path)]

    with pytest.raises(Overloaded):
        slots.take(tmp_path)
    assert len(held) == 2


async def test_figures_are_left_at_once_and_at_the_end(tmp_path: Path) -> None:
    slot = slots.take(tmp_path)
    counting = Counting({"/a": "v1"}, slot.figures)

    slot.figures.lanes["owner"] = Turns(admitted=2)  # of a process before this one
    lanes = Lanes(4)
    assert lanes.take(Lane.OWNER, "somebody")
    async with reporting(slot, Seen({}, SimpleNamespace(taken=3), Answers(1000, counting.edge), lanes)):
        counting.tally("GET", "/a").hit(200, 10)
    (left,) = slots.read(tmp_path)

    assert left.figures.tallies["GET /a"].hits == 1
    assert left.figures.now.listeners == 3
    assert (left.figures.now.held_answers, left.figures.now.held_bytes) == (0, 0)
    assert left.figures.now.resident_bytes > 1_000_000
    assert left.figures.now.at > 0
    assert left.figures.lanes.keys() == {lane.name.lower() for lane in Lane}
    assert left.figures.lanes["owner"] == Turns(admitted=3, inside=1), "It is added once, however often it is left."
    assert left.figures.now.pools == dict[str, Using]()


async def test_a_process_that_comes_late_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    slot, late = slots.take(tmp_path), list[float]()
    monkeypatch.setattr("opencabinet.edge.reporting.SECONDS", 0.05)
    monkeypatch.setattr(slot, "leave", lambda told: late.append(msgpack.decode(told, type=Figures).now.lag_seconds))

    async with reporting(slot, Seen({}, SimpleNamespace(taken=0), Answers(1000, slot.figures.edge), Lanes(4))):
        await asyncio.sleep(0.2)
        time.sleep(0.5)  # noqa: ASYNC251 - the process has too much to do
        await asyncio.sleep(0.1)

    assert late[0] == 0
    assert 0.3 < max(late) < 5
