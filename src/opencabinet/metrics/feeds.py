"""What feeds and the outbox have to tell."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import get_args

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.metrics_core import Metric

from opencabinet.db import Connection, outbox
from opencabinet.ingest.feeds.model import State
from opencabinet.ingest.feeds.standing import Standing, standing
from opencabinet.metrics.reading import Reader


def readers(silent: timedelta) -> tuple[Reader, ...]:
    """Return everything that is told; a room that has more to tell gets its line here."""

    async def feeds(conn: Connection) -> Iterable[Metric]:
        return of_feeds(await standing(conn, silent), datetime.now(UTC))

    return (feeds, followers)


async def followers(conn: Connection) -> Iterable[Metric]:
    """Tell how far each follower of the outbox is behind."""
    text = "Events that a follower of the outbox has before it, up to 100,000."
    metric = GaugeMetricFamily("opencabinet_outbox_events_behind", text, labels=["follower"])
    for each in await outbox.behind(conn):
        metric.add_metric([each.name], each.events)
    return [metric]


def of_feeds(feeds: Sequence[Standing], now: datetime) -> Iterator[Metric]:
    """Tell how feeds stand at a moment."""
    lags = {each.server: lag.total_seconds() for each in feeds if (lag := each.lag(now)) is not None}
    silences = {each.server: max((now - each.heard_at).total_seconds(), 0) for each in feeds}
    sweeps = {each.server: (now - each.swept_at).total_seconds() for each in feeds if each.swept_at}
    yield gauge("feed_lag_seconds", "Age of the newest that is known of a trading server.", lags)
    yield gauge("feed_silent_seconds", "Since when a feed was not heard of.", silences)
    yield gauge("feed_sweep_age_seconds", "Since when all of a trading server was last compared.", sweeps)
    parked = {each.server: float(each.parked or 0) for each in feeds}
    yield gauge("feed_parked_rows", "Rows that wait for their account, up to a million.", parked)
    rows = CounterMetricFamily("opencabinet_feed_rows", "Rows that a feed has told.", labels=["server"])
    for each in feeds:
        rows.add_metric([each.server], each.rows)
    yield rows
    states = GaugeMetricFamily("opencabinet_feed_state", "1 for the state of a feed.", labels=["server", "state"])
    for each in feeds:
        for state in get_args(State):
            states.add_metric([each.server, state], float(each.state == state))
    yield states


def gauge(name: str, text: str, figures: dict[str, float]) -> Metric:
    """Return a figure of each server."""
    metric = GaugeMetricFamily(f"opencabinet_{name}", text, labels=["server"])
    for server, figure in figures.items():
        metric.add_metric([server], figure)
    return metric
