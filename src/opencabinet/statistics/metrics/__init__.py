"""The metrics, each with its published formula."""

from collections.abc import Mapping
from itertools import chain
from types import MappingProxyType
from typing import Final

from opencabinet.statistics.metrics.balances import balances
from opencabinet.statistics.metrics.gains import gains, pips, standing
from opencabinet.statistics.metrics.risks import risks
from opencabinet.statistics.metrics.trading import trading
from opencabinet.statistics.model import Metric

METRICS: Final[Mapping[str, Metric]] = MappingProxyType(
    {each.name: each for each in chain(trading(), balances(), gains(), standing(), pips(), risks())}
)
"""Every metric by its name."""

__all__ = ["METRICS"]
