"""Figures, sides and times as the old wires write them: strict clients fail on anything else."""

from calendar import timegm
from datetime import datetime
from decimal import Decimal
from typing import Final

from msgspec import Raw

from opencabinet.kernel.money import plain

NOTHING: Final = Decimal(0)
SIDE: Final = {"buy": 0, "sell": 1}
LATEST: Final = 253_370_764_800
"""The start of the year 9999 in Unix seconds: nothing happens later."""


def number(figure: Decimal) -> Raw:
    """Write a figure as a JSON number with a point and without an exponent."""
    text = plain(figure)
    return Raw((text if "." in text else text + ".0").encode())


def unix(moment: datetime) -> int:
    """Write a moment as Unix seconds."""
    return timegm(moment.utctimetuple())
