"""What web processes tell: together, without those that are gone, and by the names that the papers say."""

import asyncio
import json
import os
import re
import signal
import time
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.parser import text_string_to_metric_families

from opencabinet.db import Using
from opencabinet.edge.counting import BOUNDS, Counting, Figures, Turns
from opencabinet.edge.slots import Left
from opencabinet.ingest.feeds.standing import Standing
from opencabinet.metrics import endpoint, feeds, web
from opencabinet.settings import Settings
from tests.clients.serving import PLAIN, Server, free_port, serving, until
from tests.test_docs import ROOT
from tests.test_metrics import ask

DOORS = {"/a": "v1", "/b": "legacy"}
NAME = re.compile(r"\bopencabinet_[a-z_]+\b")


def left(number: int, *, alive: bool = True) -> Left:
    """Return what a process left that counted a little of everything."""
    found = Counting(DOORS, Figures())
    one, other = found.tally("GET", "/a"), found.tally("POST", "/b")
    one.hit(200, 10)
    one.began(304, 0.0002)
    one.began(200, 0.03)
    one.sent, one.waits, one.database.seconds = 50, 3, 0.5
    one.database.add(0.01)
    other.began(0, 99)
    found.edge.hits, found.edge.stored, found.edge.misses = 5, 2, 2
    found.edge.joined, found.edge.silent = 4, 3
    found.figures.lanes = {"public": Turns(admitted=6, refused=4, inside=int(alive))}
    found.lending("requests").lent = 9
    found.now.in_flight, found.now.resident_bytes = (2, 1000) if alive else (0, 0)
    found.now.pools = {"requests": Using(size=8, lent=1)} if alive else {}
    found.now.at = time.time() - 5
    return Left(number, found.figures, alive)


def samples(metrics: list[Metric]) -> dict[tuple[str, ...], float]:
    """Return every figure by its name and labels."""
    return {
        (sample.name.removeprefix("opencabinet_"), *sample.labels.values()): sample.value
        for metric in metrics
        for sample in metric.samples
    }


def test_the_figures_of_processes_are_added_up() -> None:
    found = samples(list(web.of_web([left(0), left(1)])))

    assert found["requests_total", "v1", "GET", "/a", "200"] == 4
    assert found["requests_total", "v1", "GET", "/a", "304"] == 2
    assert found["requests_total", "legacy", "POST", "/b", "none"] == 2
    assert found["edge_answers_total", "v1", "GET", "/a"] == 2
    assert found["answer_bytes_total", "v1", "GET", "/a"] == 100
    assert found["request_seconds_count", "v1", "GET", "/a"] == 4
    assert found["request_seconds_sum", "v1", "GET", "/a"] == pytest.approx(0.0604)
    assert found["request_seconds_bucket", "v1", "GET", "/a", "0.0005"] == 2
    assert found["request_seconds_bucket", "v1", "GET", "/a", "0.05"] == 4
    assert found["request_seconds_bucket", "legacy", "POST", "/b", str(BOUNDS[-1])] == 0
    assert found["request_seconds_bucket", "legacy", "POST", "/b", "+Inf"] == 2
    assert found["request_database_seconds_sum", "v1", "GET", "/a"] == pytest.approx(1.02)
    assert {key[1]: value for key, value in found.items() if key[0] == "edge_questions_total"} == {
        "hits": 10,
        "misses": 4,
        "bypassed": 0,
    }
    assert (found["edge_joined_total",], found["edge_silent_total",]) == (8, 6)
    assert found["edge_changes_total", "stored"] == 4
    assert found["lane_refused_total", "public"] == 8
    assert found["pool_lent_total", "requests"] == 18
    assert found["pool_connections_size", "requests"] == 16
    assert found["in_flight",] == 4
    assert found["web_processes",] == 2
    assert found["web_resident_bytes", "1"] == 1000
    assert 5 <= found["web_silent_seconds", "0"] < 20


def test_of_a_process_that_is_gone_only_what_it_counted_is_told() -> None:
    found = samples(list(web.of_web([left(0), left(1, alive=False)])))

    assert found["requests_total", "v1", "GET", "/a", "200"] == 4
    assert found["in_flight",] == 2
    assert found["pool_connections_lent", "requests"] == 1
    assert (found["lane_refused_total", "public"], found["lane_inside", "public"]) == (8, 1)
    assert found["web_processes",] == 1
    assert not [name for name in found if name[0].startswith("web_") and name[-1] == "1"]


def every_metric() -> list[Metric]:
    """Return one of each."""
    now = datetime.now(UTC)
    feed = Standing(
        server="Live-1", kind="push", state="live", as_of=now, heard_at=now, rows=1, problem=None, swept_at=now
    )
    behind = GaugeMetricFamily("opencabinet_outbox_events_behind", "", value=1)
    return [*web.of_web([left(0)]), *feeds.of_feeds([feed], now), behind, endpoint.answers(up=True)]


def test_the_page_names_every_metric_that_there_is_and_no_other() -> None:
    page = (ROOT / "docs/do/watch.md").read_text("utf-8")
    told = {sample.name for metric in every_metric() for sample in metric.samples}
    families = {metric.name + ("_total" if metric.type == "counter" else "") for metric in every_metric()}

    assert {name for name in NAME.findall(page) if name not in told | families} == set()
    assert {name for name in families if name not in NAME.findall(page)} == set()


def figures(port: int) -> dict[tuple[str, ...], float]:
    """Return every figure that a server tells."""
    status, body = asyncio.run(ask(port, b"GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n"))
    assert status == b"HTTP/1.1 200 OK"
    return samples(list(text_string_to_metric_families(body)))


def test_a_real_server_tells_what_all_its_processes_did_even_those_that_were_killed(
    settings: Settings, home: Path, database: str
) -> None:
    del database  # only its schema is needed
    port = free_port()
    key = ("requests_total", "v1", "GET", "/v1/whoami", "200")
    asked = 0

    def ask_on(server: Server, many: int) -> None:
        nonlocal asked
        for _ in range(many):  # each on a connection of its own, so that all processes get some
            with suppress(httpx.TransportError):  # of one whose process was killed
                assert httpx.get(f"{server.url}/v1/whoami", verify=PLAIN).status_code == 200
                asked += 1

    with serving(settings, home / "watched.log", metrics=f"127.0.0.1:{port}", workers=2) as server:
        until(lambda: figures(port).get(("web_processes",)) == 2)
        ask_on(server, 20)
        until(lambda: figures(port).get(key) == asked)
        assert figures(port)[("pool_connections_size", "requests")] == 2 * settings.pool_size

        before = server.web_workers()
        os.kill(before[0], signal.SIGKILL)
        until(lambda: len(server.web_workers()) == len(before) and before[0] not in server.web_workers())
        assert figures(port)[key] == asked
        ask_on(server, 5)
        until(lambda: figures(port)[key] == asked)
        until(lambda: figures(port)["web_processes",] == 2)
        assert httpx.get(f"{server.url}/metrics", verify=PLAIN).status_code == 404, "Never where the world asks."
    assert "/v1/whoami" not in (home / "watched.log").read_text()


def test_an_operator_sees_a_line_of_each_request_with_its_id(settings: Settings, home: Path, database: str) -> None:
    del database
    log = home / "lines.log"
    with serving(settings, log, request_log="info") as server:
        httpx.get(f"{server.url}/v1/whoami", headers={"X-Request-Id": "mine", "passkey": "canary"}, verify=PLAIN)
        until(lambda: "mine" in log.read_text())

    [line] = [json.loads(each) for each in log.read_text().splitlines() if '"mine"' in each]
    assert line["event"] == "request"
    assert (line["request_id"], line["door"], line["route"], line["status"]) == ("mine", "v1", "/v1/whoami", 200)
    assert line["level"] == "info"
    assert 0 < line["ms"] <= line["total_ms"]
    assert line["bytes"] > 0
    assert "canary" not in log.read_text()
