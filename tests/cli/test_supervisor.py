import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from contextlib import suppress

import pytest

from opencabinet.cli import supervisor
from opencabinet.cli.supervisor import KeepsDying, keep, run, supervise
from opencabinet.settings import Settings
from tests.cli.processes import alive, children, eventually

BROKEN = {"OPENCABINET_PORT": "http"}
HOLDING = "from opencabinet import lifeline; import time; lifeline.hold(); print('held', flush=True); time.sleep(60)"
PARENT = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {HOLDING!r}])"


@pytest.fixture(autouse=True)
async def signals() -> AsyncIterator[None]:
    """Take back what supervising does with signals."""
    yield
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().remove_signal_handler(name)


async def idle() -> None:
    """Have nothing to do once all has started."""


def environment(settings: Settings) -> dict[str, str]:
    """Return the environment of the processes, in which a worker lives."""
    return {"OPENCABINET_DATABASE_URL": settings.database_url, "OPENCABINET_HOME": settings.home}


async def test_a_process_that_dies_again_and_again_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervisor, "MOST_FAST_DEATHS", 2)

    with pytest.raises(KeepsDying, match="`opencabinet worker` died 2 times"):
        await keep("worker", BROKEN)


async def test_when_one_is_given_up_all_end(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> None:
    monkeypatch.setattr(supervisor, "MOST_FAST_DEATHS", 1)
    before = children(os.getpid())

    with pytest.raises(KeepsDying, match="`opencabinet nothing` died"):
        await supervise(["worker", "nothing"], environment(settings), [idle])

    assert children(os.getpid()) == before


async def test_all_end_when_it_is_told_to(settings: Settings) -> None:
    before = children(os.getpid())

    async def end() -> None:
        os.kill(os.getpid(), signal.SIGTERM)

    await supervise(["worker"], environment(settings), [end])

    assert children(os.getpid()) == before


async def test_a_command_that_is_called_off_is_ended_in_order(settings: Settings) -> None:
    before = children(os.getpid())
    running = asyncio.create_task(run("worker", environment(settings)))
    assert await asyncio.to_thread(eventually, lambda: children(os.getpid()) != before)
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running

    assert children(os.getpid()) == before


async def test_one_that_does_not_end_in_order_is_ended_by_force(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervisor, "END_SECONDS", 0.3)
    stubborn = "import signal, time; signal.signal(15, signal.SIG_IGN); print('deaf', flush=True); time.sleep(60)"
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", stubborn), stdout=asyncio.subprocess.PIPE, start_new_session=True
    )
    assert process.stdout
    await process.stdout.readline()
    began = time.monotonic()

    await supervisor.end(process)

    assert process.returncode == -signal.SIGKILL
    assert time.monotonic() - began < 10


def test_a_process_ends_when_its_parent_is_gone() -> None:
    with subprocess.Popen([sys.executable, "-c", PARENT], stdout=subprocess.PIPE) as parent:  # noqa: S603 - ours
        assert parent.stdout
        assert parent.stdout.readline() == b"held\n"
        [child] = children(parent.pid)
        parent.kill()

        assert eventually(lambda: not alive(child), 10)


def test_a_process_lives_on_with_its_parent() -> None:
    with subprocess.Popen([sys.executable, "-c", HOLDING], stdout=subprocess.PIPE) as child:  # noqa: S603 - ours
        assert child.stdout
        child.stdout.readline()
        time.sleep(1.2)
        assert child.poll() is None
        child.terminate()
