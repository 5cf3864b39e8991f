"""The push feed: whoever knows of rows sends them as lines of JSON, in batches that are numbered."""

from opencabinet.ingest.feeds.model import OtherFeed
from opencabinet.ingest.feeds.push.actions import foresee, take
from opencabinet.ingest.feeds.push.lines import BadLine, Lines, TooManyLines
from opencabinet.ingest.feeds.push.model import Delivery, Receipt, SequenceGap
from opencabinet.ingest.feeds.push.shapes import Shapes

__all__ = [
    "BadLine",
    "Delivery",
    "Lines",
    "OtherFeed",
    "Receipt",
    "SequenceGap",
    "Shapes",
    "TooManyLines",
    "foresee",
    "take",
]
