"""What is read each time somebody reads the metrics: of the database, and of this machine."""

from collections.abc import Awaitable, Callable, Iterable

from prometheus_client.metrics_core import Metric

from opencabinet.db import Connection

PREFIX = "opencabinet_"
Reader = Callable[[Connection], Awaitable[Iterable[Metric]]]
"""What a room has to tell."""
Here = Callable[[], Iterable[Metric]]
"""What can be told without the database, whether it answers or not."""
