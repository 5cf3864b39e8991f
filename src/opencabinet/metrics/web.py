"""What web processes have to tell: their figures, as they left them, together."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import accumulate
from pathlib import Path
from time import time
from typing import Any, Final

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily
from prometheus_client.metrics_core import Metric

from opencabinet.db import Lending, Using
from opencabinet.edge import slots
from opencabinet.edge.counting import BOUNDS, Figures, Spread, Tally, Turns
from opencabinet.edge.slots import Left
from opencabinet.metrics.reading import PREFIX, Here

ROUTE: Final = ("door", "method", "route")
GONE: Final = "none"
"""The status of a request whose client went away before it was answered."""
EVERY: Final = [*map(str, BOUNDS), "+Inf"]
Told = Iterator[tuple[tuple[str, ...], float]]
"""Figures, each with what its labels are."""


def counted(folder: Path | None) -> Here:
    """Return what tells the figures that web processes leave in a folder."""

    def here() -> Iterable[Metric]:
        return of_web(list(slots.read(folder)) if folder else [])

    return here


def of_web(left: Sequence[Left]) -> Iterator[Metric]:
    """Tell everything that was left."""
    yield from of_routes(together([tally for each in left for tally in each.figures.tallies.values()]))
    yield from of_edge([each.figures for each in left])
    yield from of_pools([each.figures for each in left])
    yield from of_processes([each for each in left if each.alive])


def together(tallies: Iterable[Tally]) -> list[Tally]:
    """Add up what was counted of the same routes."""
    found: dict[tuple[str, ...], Tally] = {}
    for each in tallies:
        key = (each.door, each.method, each.route)
        sum_ = found.setdefault(key, Tally(*key))
        for status, count in each.statuses.items():
            sum_.statuses[status] = sum_.statuses.get(status, 0) + count
        sum_.hits += each.hits
        sum_.sent += each.sent
        sum_.waits += each.waits
        sum_.time = spread(sum_.time, each.time)
        sum_.database = spread(sum_.database, each.database)
    return [found[key] for key in sorted(found)]


def spread(one: Spread, other: Spread) -> Spread:
    """Add up times."""
    return Spread(seconds=one.seconds + other.seconds, slots=added(one.slots, other.slots))


def added(one: Sequence[int], other: Sequence[int]) -> list[int]:
    """Add up numbers, each to each."""
    return [a + b for a, b in zip(one, other, strict=True)]


def of_routes(tallies: Sequence[Tally]) -> Iterator[Metric]:
    """Tell what became of requests, by door, method and route."""
    statuses = (
        ((*label(each), str(status) if status else GONE), float(count))
        for each in tallies
        for status, count in sorted(each.statuses.items())
    )
    yield counter("requests", "Requests that were answered.", (*ROUTE, "status"), statuses)
    figures: tuple[tuple[str, str, Callable[[Tally], float]], ...] = (
        ("edge_answers", "Those among them that the edge answered from what it holds.", lambda each: each.hits),
        ("answer_bytes", "Bytes of the bodies of answers.", lambda each: each.sent),
        ("database_waits", "How often requests waited for the database.", lambda each: each.waits),
    )
    for name, text, figure in figures:
        yield counter(name, text, ROUTE, ((label(each), float(figure(each))) for each in tallies))
    timed = [each for each in tallies if any(each.time.slots)]
    text = "Until the application began to answer, in seconds."
    yield histogram("request_seconds", text, ((label(each), each.time) for each in timed))
    text = "What of a request the database took, in seconds."
    yield histogram("request_database_seconds", text, ((label(each), each.database) for each in timed))


def label(tally: Tally) -> tuple[str, ...]:
    """Return what a tally is told by."""
    return tally.door, tally.method, tally.route


def of_edge(figures: Sequence[Figures]) -> Iterator[Metric]:
    """Tell what the edge did and holds, and how requests were let in."""
    edge = [each.edge for each in figures]
    text = "Requests that came to the edge, by what became of them, each once."
    yield counter("edge_questions", text, ("result",), by_name(edge, ("hits", "misses", "bypassed")))
    text = "How often was waited for the answer to an equal question."
    yield counter("edge_joined", text, (), summed(edge, "joined"))
    text = "How often an answer was held, but nothing could be heard of changes."
    yield counter("edge_silent", text, (), summed(edge, "silent"))
    text = "Hits that the caller had already."
    yield counter("edge_unchanged", text, (), summed(edge, "unchanged"))
    text = "Answers that the edge took in, or gave up."
    yield counter("edge_changes", text, ("change",), by_name(edge, ("stored", "evicted", "forgotten")))
    now = [each.now for each in figures]
    for name, text in (
        ("in_flight", "Requests whose answer has not begun."),
        ("held_answers", "Answers that the edge holds."),
        ("held_bytes", "Bytes that the edge holds."),
        ("listeners", "Streams of events that are open."),
    ):
        yield gauge(name, text, (), summed(now, name))
    lanes = [each.lanes for each in figures]
    names = sorted({name for each in lanes for name in each})
    for name, text in (("admitted", "Requests that were let in."), ("refused", "Requests that were sent away: 503.")):
        yield counter(f"lane_{name}", text, ("lane",), named(names, lanes, Turns(), name))
    for name, text in (("inside", "Requests that are worked on."), ("waiting", "Requests that wait to be let in.")):
        yield gauge(f"lane_{name}", text, ("lane",), named(names, lanes, Turns(), name))


def of_pools(figures: Sequence[Figures]) -> Iterator[Metric]:
    """Tell how connections to the database are lent."""
    pools = sorted({name for each in figures for name in each.lending})
    for name, text in (
        ("lent", "Connections that were lent."),
        ("waits", "How often none was free at once."),
        ("wait_seconds", "How long was waited for one, in all."),
        ("refused", "How often none came free in time."),
        ("opened", "Connections that were opened."),
    ):
        yield counter(
            f"pool_{name}", text, ("pool",), named(pools, [each.lending for each in figures], Lending(), name)
        )
    using = [each.now.pools for each in figures]
    for name, text in (
        ("size", "Connections that there may be."),
        ("lent", "Connections that are lent."),
        ("waiting", "Requests that wait for one."),
    ):
        yield gauge(f"pool_connections_{name}", text, ("pool",), named(pools, using, Using(), name))


def of_processes(left: Sequence[Left]) -> Iterator[Metric]:
    """Tell how each process is that lives."""
    yield gauge("web_processes", "Web processes that live.", (), iter([((), float(len(left)))]))
    now = time()
    figures: tuple[tuple[str, str, Callable[[Left], float]], ...] = (
        ("resident_bytes", "Memory of a web process.", lambda each: each.figures.now.resident_bytes),
        ("lag_seconds", "How late a web process comes to what is due.", lambda each: each.figures.now.lag_seconds),
        ("silent_seconds", "Since when a web process told nothing.", lambda each: max(now - each.figures.now.at, 0)),
    )
    for name, text, figure in figures:
        yield gauge(f"web_{name}", text, ("process",), (((str(each.number),), figure(each)) for each in left))


def by_name(figures: Sequence[Any], names: Iterable[str]) -> Told:
    """Add up figures of the same name, and label each sum with it."""
    for name in names:
        yield (name,), float(sum(getattr(each, name) for each in figures))


def summed(figures: Sequence[Any], name: str) -> Told:
    """Add up a figure."""
    yield (), float(sum(getattr(each, name) for each in figures))


def named(keys: Sequence[str], figures: Sequence[Mapping[str, Any]], none: Any, name: str) -> Told:
    """Add up a figure of each of what is named alike."""
    for key in keys:
        yield (key,), float(sum(getattr(each.get(key, none), name) for each in figures))


def counter(name: str, text: str, labels: Sequence[str], told: Told) -> Metric:
    """Return what only grows."""
    metric = CounterMetricFamily(PREFIX + name, text, labels=labels)
    for values, figure in told:
        metric.add_metric(values, figure)
    return metric


def gauge(name: str, text: str, labels: Sequence[str], told: Told) -> Metric:
    """Return what is so at the moment."""
    metric = GaugeMetricFamily(PREFIX + name, text, labels=labels)
    for values, figure in told:
        metric.add_metric(values, figure)
    return metric


def histogram(name: str, text: str, told: Iterable[tuple[tuple[str, ...], Spread]]) -> Metric:
    """Return how long something took how often."""
    metric = HistogramMetricFamily(PREFIX + name, text, labels=ROUTE)
    for values, each in told:
        buckets = list(zip(EVERY, map(float, accumulate(each.slots)), strict=True))
        metric.add_metric(values, buckets, each.seconds)
    return metric
