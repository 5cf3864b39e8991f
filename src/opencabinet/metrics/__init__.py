"""Metrics for the operator, in Prometheus' text form, at an address of their own: never where the world asks."""

from opencabinet.metrics.endpoint import serve
from opencabinet.metrics.feeds import readers
from opencabinet.metrics.reading import Here, Reader
from opencabinet.metrics.web import counted

__all__ = ["Here", "Reader", "counted", "readers", "serve"]
