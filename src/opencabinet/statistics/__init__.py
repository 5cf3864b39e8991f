"""Metrics from trades and money: each with a published formula, and what it takes to compute it again."""

from opencabinet.statistics.history import History, Standing
from opencabinet.statistics.measuring import explained, measured
from opencabinet.statistics.metrics import METRICS
from opencabinet.statistics.model import (
    DIALECTS,
    Dialect,
    Excluded,
    Explanation,
    Group,
    Grouping,
    Measure,
    Measures,
    Metric,
    NoSuchMetric,
    TooManyTrades,
    no_such_metric,
)
from opencabinet.statistics.printed import details, results, tester_results
from opencabinet.statistics.reading import breakdown, explain, history, measure

__all__ = [
    "DIALECTS",
    "METRICS",
    "Dialect",
    "Excluded",
    "Explanation",
    "Group",
    "Grouping",
    "History",
    "Measure",
    "Measures",
    "Metric",
    "NoSuchMetric",
    "Standing",
    "TooManyTrades",
    "breakdown",
    "details",
    "explain",
    "explained",
    "history",
    "measure",
    "measured",
    "no_such_metric",
    "results",
    "tester_results",
]
