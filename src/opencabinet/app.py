"""Settings in, ASGI application out: the one place where everything meets."""

import asyncio
import gc
import threading
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager, contextmanager
from datetime import timedelta
from functools import partial
from typing import Any, Final

from litestar import Litestar, Request, Response
from litestar.datastructures import State
from litestar.types import ASGIApp

from opencabinet import access, lifeline, logs, settings
from opencabinet.access import Docket, Hasher, History, Uses, keyfile, people
from opencabinet.access.history import NOBODY
from opencabinet.access.keyfile import Keys
from opencabinet.access.passwords import fair
from opencabinet.access.people import Means
from opencabinet.access.throttles import Throttle
from opencabinet.db import Pool
from opencabinet.doors import cabinet, freshness, legacy, peanut, preview, promo, spending, v1, widgets
from opencabinet.doors.budgets import Budgets, Rates
from opencabinet.doors.direct import Direct
from opencabinet.doors.freshness import Freshness
from opencabinet.doors.gate import refuse_undeclared, served
from opencabinet.doors.holding import HELD
from opencabinet.doors.intake import SEATS, Intake
from opencabinet.doors.stream import Streams
from opencabinet.edge import slots
from opencabinet.edge.admission import Admission
from opencabinet.edge.arrival import Arrival
from opencabinet.edge.asking import pattern
from opencabinet.edge.callers import Callers
from opencabinet.edge.client import Trust
from opencabinet.edge.counting import Counting
from opencabinet.edge.front import Edge
from opencabinet.edge.health import Health
from opencabinet.edge.hits import Beside
from opencabinet.edge.lanes import Lanes
from opencabinet.edge.limits import DRAINED, Limits
from opencabinet.edge.lines import Lines
from opencabinet.edge.readers import impatient
from opencabinet.edge.reporting import Seen, reporting
from opencabinet.edge.shedding import Shedding
from opencabinet.edge.slots import Slot
from opencabinet.edge.watching import Watching, doors
from opencabinet.partners.clicks import CONNECTIONS
from opencabinet.settings import Settings
from opencabinet.state import known
from opencabinet.summaries import Summaries
from opencabinet.valuations import Reading

HOOKS: Final = [peanut.let_browsers_read, v1.tell_budgets, freshness.tell, widgets.let_pages_show_keys]
LARGEST_BODY: Final = 64 * 1024
MEGABYTE: Final = 1024 * 1024
STREAMS: Final = 4
STREAM_SECONDS: Final = 300
"""How many long answers a process writes at once, and how long a statement of one may run."""
PLACES: Final = 4
"""So many requests are worked on for each connection to the database: much of what they ask is asked together."""
INGEST_SECONDS: Final = 60
"""How long a statement may run that keeps rows of a feed."""


def create() -> ASGIApp:
    """Return the application that this process's environment asks for."""
    lifeline.hold()
    given = settings.load()
    logs.start(given.log_level)
    app = build(given, slots.taken(given.figures_folder))
    settle()
    return app


def settle() -> None:
    """Let the collector of garbage not look at what stays. How often it looks is left: it ends connections, too."""
    gc.collect()
    gc.freeze()


def build(given: Settings, slot: Slot | None = None) -> ASGIApp:
    """Return the application; what it counts is left in its slot, if it has one."""
    counting = Counting({}, slot.figures if slot else None)
    keys = keyfile.load(given.folder)
    issuing = legacy.Issuing(keys.pepper, timedelta(seconds=given.token_seconds))
    app = Litestar(
        [
            legacy.router(issuing),
            peanut.router(serving(given, keys.pepper)),
            v1.router(),
            v1.feeding(given.largest_ingest),
            v1.pages(),
            *cabinet.routers(pay_in=given.deposit_url, pay_out=given.withdrawal_url),
            widgets.router(),
            *promo.routers(brand=given.brand, server=given.informer_server, held=bool(given.held_megabytes)),
        ],
        exception_handlers={Exception: problem},
        before_send=HOOKS,
        lifespan=[connections(given, keys, counting, slot)],
        logging_config=None,
        openapi_config=None,
        request_max_body_size=LARGEST_BODY,
        state=State(known(given, keys)),
    )
    refuse_undeclared(app)
    counting.doors = dict(doors(app))
    lines = Lines(given.request_level, given.slow)
    app.state.straight = Direct(app, problem, HOOKS)  # to be asked from within, in the place of a request let in
    app.state.whole = whole = guarded(given, app)  # to be asked from within, for previews
    watched = Watching(counting, lines, whole)
    trust, room, paths = trusted(given), given.held_megabytes * MEGABYTE, pattern(holdable(app))
    app.state.edge = edge = Edge(
        watched,
        trust=trust,
        room=room,
        paths=paths,
        counts=counting.edge,
        tally=partial(counting.tally, "GET"),
        told=lines.hit if given.request_level else None,
    )
    app.state.front = front = edge if given.held_megabytes else watched
    return front


def holdable(app: Litestar) -> list[str]:
    """Return the paths whose answers may be held."""
    return [route.path for route, handler in served(app) if handler.opt.get(HELD)]


def trusted(given: Settings) -> Trust:
    """Return whose word for a client's address is believed."""
    return Trust(given.proxies, given.forwarded_header)


def guarded(given: Settings, app: Litestar) -> ASGIApp:
    """Return the application behind everything that stands before it."""
    app.state.lanes = Lanes(PLACES * given.pool_size)
    admission = Admission(legacy.Spelling(app.state.straight), app.state.lanes, spending.long_paths(app))
    arrival = Arrival(admission, LARGEST_BODY, frozenset({DRAINED}))
    guarded = Limits(Health(arrival, lambda: ready(app.state)))
    return Callers(trusted(given), Shedding(guarded, admission))


def ready(state: State) -> bool:
    """Whether questions can be answered: the database was, a moment ago, and the process is not told to end."""
    return not state.leaving and state.freshness.fresh


def living(whole: ASGIApp) -> AbstractAsyncContextManager[None]:
    """Return what holds the application's connections while it is asked from this process."""
    inner: Any = whole
    while not isinstance(inner, Litestar):
        inner = inner.inner
    return inner.lifespan()


def serving(given: Settings, pepper: bytes) -> peanut.Serving:
    """Return what the Peanut methods answer with."""
    return peanut.Serving(
        pepper=pepper,
        lifetime=timedelta(seconds=given.token_seconds),
        dialect=peanut.Dialect(given.peanut_dialect),
        deposit_url=given.deposit_url,
        withdrawal_url=given.withdrawal_url,
    )


def rates(given: Settings) -> Rates:
    """Return how many units a minute this process gives."""
    asked = Rates(
        credential=given.requests_per_credential,
        network=given.requests_per_network,
        account=given.requests_per_open_account,
    )
    return asked.share(given.workers)


def problem(request: Request[Any, Any, Any], raised: Exception) -> Response[bytes]:
    """Answer a problem in the words of the door that was asked."""
    if cabinet.asked(request):
        return cabinet.problem(request, raised)
    return (v1.problem if v1.asked(request.scope["path"]) else legacy.problem)(request, raised)


def means(state: State, keys: Keys) -> Means:
    """Return what people are let in with."""
    tell = people.in_history(access.changed_in_all, state.history.refused, NOBODY)
    return Means(hasher=state.hasher, keys=keys, throttle=Throttle(state.guesses), tell=tell)


def connections(
    given: Settings, keys: Keys, counting: Counting, slot: Slot | None
) -> Callable[[Litestar], AbstractAsyncContextManager[None]]:
    """Return what gives the application, while it lives, its connections and what it counts and does with them."""

    @asynccontextmanager
    async def lifespan(app: Litestar) -> AsyncIterator[None]:
        state = app.state
        begin(state, given, keys, counting)
        try:
            async with AsyncExitStack() as stack:
                state.history = await stack.enter_async_context(History(state.telling))
                state.uses = await stack.enter_async_context(Uses(state.pool))
                state.freshness = await stack.enter_async_context(Freshness(state.telling, given.silent))
                state.told = await stack.enter_async_context(
                    Streams(given.database_url, state.pool, given.stream_listeners)
                )
                await stack.enter_async_context(promo.living(state, given.countries, keys.clicks))
                state.means = means(state, keys)
                if given.held_megabytes:
                    beside = Beside(state.budgets, state.uses, state.history, state.freshness)
                    await stack.enter_async_context(state.edge.living(given.database_url, beside))
                seen = Seen(pools(state), state.told.places, state.edge.answers, state.lanes)
                await stack.enter_async_context(reporting(slot, seen))
                with leaving(partial(stop, state)), impatient(given.port):
                    yield
        finally:
            state.hasher.close()
            for pool in pools(state).values():
                await pool.close()

    return lifespan


def stop(state: State) -> None:
    """Be ready for no more, and end streams."""
    state.leaving = True
    state.told.stop()


@contextmanager
def leaving(stop: Callable[[], None]) -> Iterator[None]:
    """End what would not end by itself once the process is told that it is to end."""
    loop = asyncio.get_running_loop()
    here = threading.current_thread() is threading.main_thread()  # others hear no signals
    if here:
        loop.add_signal_handler(lifeline.LEAVE, stop)
    try:
        yield
    finally:
        stop()
        if here:
            loop.remove_signal_handler(lifeline.LEAVE)


def begin(state: State, given: Settings, keys: Keys, counting: Counting) -> None:
    """Let an application begin to live: with connections, nothing counted yet, and places to hash passwords in."""
    slots, queue = fair(given.pool_size, given.workers)
    state.leaving = False
    state.pool = Pool(
        given.database_url, role="opencabinet_serve", size=given.pool_size, lending=counting.lending("requests")
    )
    state.docket, state.accounts_now, state.summaries = Docket(state.pool), Reading(state.pool), Summaries(state.pool)
    state.guessing = state.pool.share(max(1, given.pool_size // 2))
    state.streams = Pool(
        given.database_url,
        role="opencabinet_read",
        size=STREAMS,
        statement_seconds=STREAM_SECONDS,
        lending=counting.lending("long answers"),
    )
    state.feeding = Pool(
        given.database_url,
        role="opencabinet_feed",
        size=SEATS * given.ingests,
        statement_seconds=INGEST_SECONDS,
        lending=counting.lending("feeds"),
    )
    state.telling = Pool(  # whoever asks much does not hold it up
        given.database_url, role="opencabinet_serve", size=1, lending=counting.lending("history")
    )
    state.clicking = Pool(  # clicks hold up no owner, and owners no click
        given.database_url, role="opencabinet_serve", size=CONNECTIONS, lending=counting.lending("clicks")
    )
    state.operating = cabinet.operating(given.database_url, counting.lending("operators"))
    state.intake, state.reading = Intake(given.ingests), Counter()
    state.budgets, state.looking = Budgets(rates(given)), preview.Places()
    state.hasher = Hasher(keys.passwords, slots=slots, queue=queue)


def pools(state: State) -> dict[str, Pool]:
    """Return the pools of an application, by what is counted of them."""
    lent = {"requests": state.pool, "long answers": state.streams, "feeds": state.feeding, "history": state.telling}
    return lent | {"clicks": state.clicking, "operators": state.operating}
