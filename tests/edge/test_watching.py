"""What is counted of requests, and what the log is told of them."""

import asyncio
import time
from collections.abc import Mapping
from typing import Any

import httpx
import pytest
from litestar.types import Receive, Scope, Send
from msgspec import structs

from opencabinet.app import build
from opencabinet.db import SPENT, Connection, Pool
from opencabinet.edge.counting import METHODS, UNMATCHED, Counting
from opencabinet.edge.limits import Limits
from opencabinet.edge.lines import Lines, Told
from opencabinet.settings import Settings
from tests import make
from tests.doors.legacy.asking import BALANCE
from tests.edge.asking import HOST, ask
from tests.edge.watched import DOORS, ROUTE, Routed, counting, tallies, watched

V1 = "/v1/accounts/{}/balance"
TEMPLATE = V1.format("{login}")
LEGACY = BALANCE.format("{login}")
KEY = ("v1", "GET", ROUTE)


async def test_a_read_is_counted_by_its_door_and_route(
    site: httpx.AsyncClient, committed: Connection, settings: Settings
) -> None:
    account = await make.account(committed)
    token = await make.token(committed, account.login, settings)
    before = tallies(counting(site))

    v1 = await site.get(V1.format(account.login), headers={"passkey": token, "Authorization": f"Bearer {token}"})
    legacy = await site.get(BALANCE.format(account.login), headers={"passkey": token})

    assert legacy.status_code == 200
    after = tallies(counting(site))
    told = {key: each for key, each in after.items() if before.get(key) != each}
    assert {key[0] for key in told} == {"v1", "legacy"}
    assert all("{" in route for _, _, route in told), "Routes are told by their template."
    for (door, method, _), tally in told.items():
        assert method == "GET"
        old = before.get((door, method, tally.route), Counting({}).tally("GET", ""))
        answer = v1 if door == "v1" else legacy
        assert tally.statuses[answer.status_code] == old.statuses.get(answer.status_code, 0) + 1
        assert sum(tally.time.slots) == sum(old.time.slots) + 1
        assert tally.sent == old.sent + len(answer.content)
        assert tally.waits > old.waits
        assert 0 < tally.database.seconds - old.database.seconds < tally.time.seconds - old.time.seconds
    assert counting(site).now.in_flight == 0


async def test_the_route_of_a_tally_never_holds_what_was_asked(site: httpx.AsyncClient) -> None:
    found = counting(site)
    known = set(found.figures.tallies)

    for number in range(30):
        await site.get(f"/v1/accounts/{number}/balance")
        await site.get(f"/nowhere/{number}")
        await site.request(f"VERB{number}", f"/v1/{number}")
        await site.get(f"/a/%00{number}")

    assert {each.route for each in found.figures.tallies.values()} <= {*found.doors, UNMATCHED}
    assert {each.method for each in found.figures.tallies.values()} <= {*METHODS, "other"}
    assert len(set(found.figures.tallies) - known) <= 4
    refused = found.tally("GET", UNMATCHED)
    assert refused.door == UNMATCHED
    assert refused.statuses[404] >= 30 <= refused.statuses[400]


async def test_a_route_that_is_none_of_ours_is_not_told() -> None:
    app = watched(Routed(template="/things/1001001"))
    await ask(app)

    assert set(tallies(app.counting)) == {(UNMATCHED, "GET", UNMATCHED)}


async def test_whoever_wants_the_head_alone_is_counted_so(site: httpx.AsyncClient) -> None:
    tally = counting(site).tally("HEAD", "/v1/whoami")
    before, sent = tally.statuses.get(200, 0), tally.sent

    assert (await site.head("/v1/whoami")).status_code == 200

    assert (tally.statuses[200], tally.sent) == (before + 1, sent)


def test_every_route_has_its_door(settings: Settings) -> None:
    app: Any = build(settings)

    assert set(app.counting.doors.values()) == {"v1", "legacy", "peanut", "stream", "promo", "cabinet", "widgets"}
    assert app.counting.doors[TEMPLATE] == "v1"
    assert app.counting.doors[LEGACY.lower()] == "legacy"


async def test_an_answer_that_breaks_is_counted_as_such() -> None:
    async def broken(scope: Scope, receive: Receive, send: Send) -> None:
        del scope, receive, send
        raise ValueError

    app = watched(broken)
    with pytest.raises(ValueError):  # noqa: PT011 - the very one
        await ask(app)

    tally = app.counting.tally("GET", UNMATCHED)
    assert (tally.statuses[500], app.counting.now.in_flight) == (1, 0)


async def test_an_answer_that_breaks_off_is_told_of_with_its_request(capsys: pytest.CaptureFixture[str]) -> None:
    async def broken(scope: Scope, receive: Receive, send: Send) -> None:
        await Routed()(scope, receive, send)
        raise ValueError("in the middle")

    app = watched(Limits(broken))
    with pytest.raises(ValueError, match="in the middle"):
        await ask(app, headers=[HOST, (b"x-request-id", b"mine")])

    told = capsys.readouterr()
    for word in ("failed", "mine", ROUTE, "in the middle"):
        assert word in told.out + told.err


async def test_who_goes_away_unanswered_is_counted_as_such() -> None:
    app = watched(Routed(lambda _: asyncio.Event().wait()))
    task = asyncio.create_task(ask(app))
    await asyncio.sleep(0.01)
    assert app.counting.now.in_flight == 1
    assert app.counting.figures.tallies == {}

    task.cancel()
    await asyncio.gather(task, return_exceptions=True)

    assert tallies(app.counting)[KEY].statuses == {0: 1}
    assert app.counting.now.in_flight == 0


async def test_an_answer_that_goes_on_is_no_longer_waited_for() -> None:
    going_on = asyncio.Event()

    async def stream(scope: Scope, receive: Receive, send: Send) -> None:
        await Routed()(scope, receive, send)
        await going_on.wait()

    app = watched(stream)
    task = asyncio.create_task(ask(app))
    await asyncio.sleep(0.01)

    tally = tallies(app.counting)[KEY]
    assert (tally.statuses[200], sum(tally.time.slots), tally.sent) == (1, 1, 0), "Its bytes are counted at its end."
    assert app.counting.now.in_flight == 0
    going_on.set()
    await task
    assert tallies(app.counting)[KEY].sent == len(b"halfwhole")


class Kept(Lines):
    """Keeps what is told."""

    def __init__(self, level: str) -> None:
        super().__init__(level)
        self.kept: list[Told] = []

    def tell(self, told: Told) -> None:
        """Keep it."""
        self.kept.append(told)


async def test_each_request_is_charged_with_its_own_time_in_the_database(database: str) -> None:
    pool = Pool(database, role="opencabinet_serve", size=2)

    async def work(scope: Mapping[str, Any]) -> None:
        async with pool.lend() as conn:
            await conn.value("SELECT pg_sleep(%(seconds)s)", seconds=int(scope["query_string"]) / 1000)

    lines = Kept("info")
    app = watched(Routed(work), lines)
    await asyncio.gather(ask(app, b"/?1"), ask(app, b"/?300"), ask(app, b"/?1"))
    await pool.close()

    spent = [each.spent for each in lines.kept]
    short, shorter, long = sorted(spent, key=lambda each: each.seconds)
    assert short.seconds + shorter.seconds < 0.3 <= long.seconds
    assert [each.waits for each in spent] == [1, 1, 1]
    assert sum(each.seconds for each in spent) == pytest.approx(tallies(app.counting)[KEY].database.seconds)


async def test_what_nobody_asks_for_is_not_measured(conn: Connection) -> None:
    SPENT.set(None)

    assert await conn.value("SELECT 1") == 1


async def lines(capsys: pytest.CaptureFixture[str], app: Any, target: bytes = b"/things/1001001?passkey=canary") -> Any:
    """Return the line that is told of a request, if there is one."""
    await ask(app, target, [(b"host", b"a"), (b"passkey", b"canary")])
    told = capsys.readouterr()
    assert "canary" not in told.out + told.err
    assert "1001001" not in told.out + told.err
    return told.out + told.err


async def test_a_request_is_told_of_without_what_was_asked(capsys: pytest.CaptureFixture[str]) -> None:
    line = await lines(capsys, watched(Routed(), Lines("info")))

    assert "request" in line
    for word in ("door", "route", ROUTE, "status", "200", "ms", "database_ms", "bytes"):
        assert word in line


async def test_usually_only_slow_requests_are_told_of(capsys: pytest.CaptureFixture[str]) -> None:
    async def slow(_: Any) -> None:
        await asyncio.sleep(0.02)

    assert await lines(capsys, watched(Routed(), Lines(None, 10))) == ""
    assert "slow request" in await lines(capsys, watched(Routed(slow), Lines(None, 0.01)))
    assert "slow request" in await lines(capsys, watched(Routed(slow), Lines("debug", 0.01))), "One line, not two."


@pytest.mark.parametrize(
    ("request_log", "log_level", "told"),
    [
        ("debug", "info", None),
        ("debug", "debug", "debug"),
        ("info", "info", "info"),
        ("info", "warning", None),
        ("off", "debug", None),
    ],
)
def test_requests_are_logged_at_a_level_that_is_logged(request_log: Any, log_level: Any, told: str | None) -> None:
    assert Settings(request_log=request_log, log_level=log_level).request_level == told


@pytest.mark.parametrize(("request_log", "told"), [("off", False), ("info", True)])
def test_the_edge_tells_of_its_answers_if_each_is_told_of(settings: Settings, request_log: Any, *, told: bool) -> None:
    whole: Any = build(structs.replace(settings, held_megabytes=1, request_log=request_log))

    assert (whole.told is not None) is told


def test_no_request_is_slow_if_the_operator_says_so() -> None:
    assert not Lines(None, Settings(slow_milliseconds=0).slow).wanted(1e9)
    assert Lines(None, Settings(slow_milliseconds=50).slow).wanted(0.05)


ROUNDS = 2_000


async def test_watching_a_request_costs_some_microseconds_of_the_thousand_that_it_takes() -> None:
    inner = Routed()
    app = watched(inner)

    async def sent(_: Any) -> None:
        """Take it."""

    async def timed(each: Any) -> float:
        began = time.process_time()
        for _ in range(ROUNDS):
            await each({"type": "http", "method": "GET"}, sent, sent)
        return time.process_time() - began

    costs = [await timed(app) - await timed(inner) for _ in range(10)]

    assert min(costs) / ROUNDS < 20e-6
    assert tallies(app.counting)[KEY].statuses == {200: 10 * ROUNDS}


def test_a_hit_costs_less_than_a_microsecond() -> None:
    found = Counting(DOORS)
    tally = found.tally("GET", ROUTE)
    rounds = 10_000

    def timed() -> float:
        began = time.process_time()
        for _ in range(rounds):
            found.edge.hits += 1
            tally.hit(200, 500)
        return time.process_time() - began

    assert min(timed() for _ in range(10)) / rounds < 1e-6
    assert (found.edge.hits, tally.hits, tally.statuses[200], tally.sent) == (100_000, 100_000, 100_000, 50_000_000)
