"""The supervisor: keeps processes running, restarts those that die, and ends all of them together."""

import asyncio
import os
import signal
import sys
import time
from collections.abc import Callable, Coroutine, Mapping, Sequence
from typing import Any, Final

import structlog

from opencabinet.kernel.problem import Problem

END_SECONDS: Final = 15
FAST_DEATH_SECONDS: Final = 10
MOST_FAST_DEATHS: Final = 5
log = structlog.get_logger(__name__)


class KeepsDying(Problem):
    """A process dies each time it is started."""


async def supervise(
    commands: Sequence[str], environment: Mapping[str, str], beside: Sequence[Callable[[], Coroutine[Any, Any, None]]]
) -> None:
    """Run subcommands of `opencabinet` until SIGINT, SIGTERM or SIGHUP, and what belongs `beside` them.

    Raises:
        KeepsDying: if one of them dies at once, again and again.
    """
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(name, stop.set)
    tasks = [asyncio.create_task(keep(command, environment)) for command in commands]
    tasks += [asyncio.create_task(task()) for task in beside]
    stopped = asyncio.create_task(stop.wait())
    try:
        await first_end(tasks, stopped)
    finally:
        for task in (*tasks, stopped):
            task.cancel()
        await asyncio.gather(*tasks, stopped, return_exceptions=True)


async def first_end(tasks: Sequence["asyncio.Task[None]"], stopped: "asyncio.Task[bool]") -> None:
    """Wait for the order to stop, or for a task that fails."""
    waiting: set[asyncio.Task[None] | asyncio.Task[bool]] = {*tasks, stopped}
    while stopped in waiting:
        done, waiting = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()


async def keep(command: str, environment: Mapping[str, str]) -> None:
    """Run a subcommand, and again whenever it dies, a little later each time."""
    deaths = 0
    while True:
        began = time.monotonic()
        status = await run(command, environment)
        deaths = deaths + 1 if time.monotonic() - began < FAST_DEATH_SECONDS else 1
        log.warning("died", process=command, status=status)
        if deaths == MOST_FAST_DEATHS:
            raise KeepsDying(f"`opencabinet {command}` died {deaths} times, each time at once.")
        await asyncio.sleep(2 ** (deaths - 1) / 2)


async def run(command: str, environment: Mapping[str, str]) -> int:
    """Run a subcommand to its end; when cancelled, end it in order and, if it does not, by force."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "opencabinet", command),
        env={**os.environ, **environment},
        stdin=asyncio.subprocess.DEVNULL,
        start_new_session=True,  # Ctrl-C in the terminal is for us, who end all in order
    )
    try:
        return await process.wait()
    finally:
        if process.returncode is None:
            await end(process)


async def end(process: asyncio.subprocess.Process) -> None:
    """End a process with SIGTERM, after a while with SIGKILL and with all of its group."""
    process.terminate()
    try:
        async with asyncio.timeout(END_SECONDS):
            await process.wait()
    except TimeoutError:
        os.killpg(process.pid, signal.SIGKILL)
        await process.wait()
