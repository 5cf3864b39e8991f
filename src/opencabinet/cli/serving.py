"""Serving: the supervisor's commands, and the two kinds of process it runs."""

import asyncio
import contextlib
import multiprocessing
import os
import resource
import signal
import socket
from collections.abc import Callable, Coroutine, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any, Final

import structlog
import typer
from granian import Granian
from granian.constants import HTTPModes, Interfaces, Loops
from granian.http import HTTP1Settings
from granian.log import LogLevels
from msgspec import structs
from rich.console import Console

from opencabinet import lifeline, logs, metrics, settings, valuations, worker
from opencabinet.access import keyfile
from opencabinet.access.history import Sealer, witness
from opencabinet.cli.database import checked, embedded_database
from opencabinet.cli.proxies import doubts
from opencabinet.cli.signals import orderly
from opencabinet.cli.supervisor import supervise
from opencabinet.db.embedded import DatabaseFailed, Embedded
from opencabinet.db.outbox import jobs as outbox
from opencabinet.edge import slots
from opencabinet.ingest.feeds.metatrader import configuration
from opencabinet.kernel.problem import Conflict
from opencabinet.market.quotes import jobs as quotes
from opencabinet.onboarding import jobs as onboarding
from opencabinet.partners import clicks
from opencabinet.partners.referrals import Following
from opencabinet.settings import PREFIX, Settings
from opencabinet.webhooks import Hooks

MOST_CONNECTIONS: Final = 10_000
SPARE_FILES: Final = 500
HEADER_MILLISECONDS: Final = 10_000
COUNT_SECONDS: Final = 10.0
"""How often clicks are counted."""
LOOK_SECONDS: Final = 2.0
END_SECONDS: Final = 3
"""What a web process is given to end; one that is told while it starts does not hear it."""
log = structlog.get_logger(__name__)
console = Console(highlight=False, soft_wrap=True)


def serve(
    *,
    use_embedded: Annotated[bool, typer.Option("--embedded", help="Run the embedded PostgreSQL, too.")] = False,
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(min=1, max=65535, help="Port to listen on.")] = None,
    workers: Annotated[int | None, typer.Option(min=1, max=64, help="Web processes.")] = None,
) -> None:
    """Serve the cabinet until Ctrl-C or SIGTERM."""
    given = {name: value for name, value in (("host", host), ("port", port), ("workers", workers)) if value is not None}
    loaded = structs.replace(settings.load(), **given)
    refuse_taken(loaded)
    refuse_misread(loaded)
    with database(loaded, use_embedded=use_embedded) as ready:
        serve_until_stopped(ready, lambda: say_ready(ready), keep_database=use_embedded)


@contextmanager
def database(given: Settings, *, use_embedded: bool) -> Iterator[Settings]:
    """Give the settings with the database that is to be served from, its schema and the key file in order."""
    if use_embedded == bool(given.database_url):
        raise Conflict("Serve either with --embedded, or from the PostgreSQL that OPENCABINET_DATABASE_URL names.")
    if not use_embedded:
        keyfile.load(given.folder)
        yield checked(given)
        return
    with embedded_database(given, own=True) as ready:
        yield ready


def serve_until_stopped(
    given: Settings,
    started: Callable[[], Coroutine[Any, Any, None]],
    *,
    keep_database: bool,
    more: Sequence[str] = (),
) -> None:
    """Run the web processes, the worker and `more` until told to stop; start the embedded database anew if it ends."""
    logs.start(given.log_level)
    environment = {PREFIX + name.upper(): str(value) for name, value in structs.asdict(given).items()}
    beside = [started, *([lambda: kept(Embedded(given.folder))] if keep_database else [])]
    with asyncio.Runner() as runner:
        runner.run(supervise(["web", "worker", *(["follow"] if given.feeds else []), *more], environment, beside))
    orderly()


async def kept(database: Embedded) -> None:
    """Start the embedded database whenever it does not run; until it does, questions are answered with 503."""
    while True:
        if not await asyncio.to_thread(database.running):
            log.warning("died", process="postgres")
            try:
                await asyncio.to_thread(database.start)
            except DatabaseFailed as failed:
                log.error("not started", process="postgres", reason=failed.detail)  # noqa: TRY400 - its words suffice
        await asyncio.sleep(LOOK_SECONDS)


def refuse_taken(given: Settings) -> None:
    """Refuse to start on an address that cannot be listened on."""
    refuse(given.host, given.port)
    if given.metrics_address:
        refuse(*given.metrics_address)


def refuse_misread(given: Settings) -> None:
    """Refuse to start with a file of feeds that cannot be read: who follows them would end again and again."""
    if given.feeds:
        configuration.feeds(Path(given.feeds))


def refuse(host: str, port: int) -> None:
    """Refuse an address that cannot be listened on."""
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        with socket.create_server((host, port), family=family, reuse_port=False):
            pass
    except (OSError, UnicodeError) as wrong:
        code = getattr(wrong, "errno", None) or 0
        reason = os.strerror(code) if code > 0 else "it is no address of this machine"
        raise Conflict(f"Cannot listen on {host} port {port}: {reason}.") from wrong


async def answering(given: Settings) -> str:
    """Wait until the server answers, and return its address."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(given.host, given.host)  # noqa: S104 - told apart, not listened on
    while True:
        with contextlib.suppress(OSError):
            _, writer = await asyncio.open_connection(host, given.port)
            writer.close()
            return f"http://{f'[{host}]' if ':' in host else host}:{given.port}"
        await asyncio.sleep(0.05)


async def say_ready(given: Settings) -> None:
    """Say where the server answers, once it does, and what the operator should know."""
    console.print(f"OpenCabinet answers at [bold]{await answering(given)}[/bold]. Ctrl-C stops it.")
    if not given.loopback:
        console.print("It answers plain http, as programs for the legacy wire need: let a proxy in front add https.")
    if not given.plain_http:
        console.print(f"It refuses the v1 API over plain http: set {PREFIX}ALLOW_HTTP=true once that proxy stands.")
    for doubt in doubts(given):
        console.print(f"[bold]Warning:[/bold] {doubt}")
    for sentence in about_witness(given):
        console.print(sentence)


def about_witness(given: Settings) -> list[str]:
    """Say where the witness of the history is, and what it cannot show there."""
    said = [f"Seals of the authorization history are witnessed in {given.witness_file}."]
    if not given.witness:
        said.append(f"Set {PREFIX}WITNESS to a file on another volume: whoever can take away both can hide it.")
    elif witness.same_volume(given.witness_file, given.folder):
        said.append(f"That is on the volume of {given.folder}: on another one it shows more.")
    return said


class Web(Granian):  # type: ignore[misc, valid-type]  # it is one of several classes, by platform
    """The server, which lets its processes end their streams before it ends them."""

    def signal_handler_interrupt(self, *given: Any, **named: Any) -> None:
        """Begin to end."""
        for process in multiprocessing.active_children():
            with contextlib.suppress(OSError):
                os.kill(process.pid or 0, lifeline.LEAVE)
        super().signal_handler_interrupt(*given, **named)


def web() -> None:
    """Run the web processes (the supervisor does)."""
    lifeline.hold()
    given = settings.load()
    logs.start(given.log_level)
    raise_limit(given)
    if given.figures_folder:
        slots.clear(given.figures_folder)
    if multiprocessing.get_start_method() == "fork":
        import opencabinet.app  # noqa: F401, PLC0415 - once for all its processes, also for those that replace others
    Web(
        "opencabinet.app:create",
        factory=True,
        address=given.host,
        port=given.port,
        workers=given.workers,
        interface=Interfaces.ASGI,
        http=HTTPModes.http1,
        loop=Loops.uvloop,
        respawn_failed_workers=True,
        workers_kill_timeout=END_SECONDS,
        log_level=LogLevels.warning,
        log_dictconfig=logs.SERVER,
        backlog=MOST_CONNECTIONS,
        backpressure=MOST_CONNECTIONS // given.workers + given.stream_listeners,
        http1_settings=HTTP1Settings(header_read_timeout=HEADER_MILLISECONDS),
        websockets=True,
    ).serve()


def raise_limit(given: Settings) -> None:
    """Let a web process hold as many connections as it may take, as far as the system allows."""
    needed = MOST_CONNECTIONS // given.workers + given.stream_listeners + SPARE_FILES
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    allowed = needed if hard == resource.RLIM_INFINITY else min(needed, hard)
    if soft != resource.RLIM_INFINITY and soft < allowed:
        resource.setrlimit(resource.RLIMIT_NOFILE, (allowed, hard))
    if allowed < needed:
        log.warning("few files may be open", allowed=allowed, needed=needed, raise_it_with="ulimit -n, LimitNOFILE=")


def work() -> None:
    """Run the worker (the supervisor does)."""
    lifeline.hold()
    given = settings.load()
    logs.start(given.log_level)
    with contextlib.suppress(asyncio.CancelledError):
        asyncio.run(worked(given))


def following(given: Settings) -> worker.Jobs:
    """Return the jobs that follow the settings: they forget what is older than those say, and count clicks."""
    jobs = (
        outbox.forgetting(given.event_days),
        quotes.forgetting(given.minute_candle_days),
        onboarding.forgetting(given.application_days),
    )
    counting = clicks.counting(given.clicks_per_network), COUNT_SECONDS
    return (*((job, worker.HOUR_SECONDS) for job in jobs), counting)


async def worked(given: Settings) -> None:
    """Work until SIGTERM."""
    keys = keyfile.load(given.folder)
    sealer, hooks = Sealer(keys.seals, given.witness_file), Hooks(keys.webhooks, given.reach, levels=valuations.levels)
    more, beside = following(given), (Following(given.attribution).work,)
    task = asyncio.create_task(worker.work(given.database_url, sealer=sealer, hooks=hooks, more=more, beside=beside))
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    telling = asyncio.create_task(told_metrics(given))
    try:
        await task
    finally:
        telling.cancel()


async def told_metrics(given: Settings) -> None:
    """Answer `/metrics` where the settings say so."""
    if given.metrics_address:
        here = metrics.counted(given.figures_folder)
        await metrics.serve(given.metrics_address, given.database_url, metrics.readers(given.silent), here)
