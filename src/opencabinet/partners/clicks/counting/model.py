"""What is counted of clicks, and how far."""

from datetime import datetime
from typing import Literal

from msgspec import Struct

By = Literal["day", "country", "link", "banner", "landing", "keyword"]


class Counted(Struct, frozen=True, kw_only=True):
    """The clicks of a day, or of whatever else they are put together by; the visitors are those of each day."""

    value: str
    clicks: int
    unique_clicks: int
    marked: int


class Totals(Struct, frozen=True, kw_only=True):
    """All clicks of a period; the visitors are those of each day."""

    clicks: int
    unique_clicks: int
    marked: int


class Counting(Struct, frozen=True, kw_only=True):
    """How far clicks are counted in the order of all; up to the id `above` they came from an older server."""

    xid: int
    id: int
    above: int


class Batch(Struct, frozen=True, kw_only=True):
    """How many clicks were counted in one go, which was the last, and which were found to be too many."""

    clicks: int
    xid: int | None
    id: int | None
    logins: list[int]
    times: list[datetime]
    ids: list[int]


class Forgotten(Struct, frozen=True, kw_only=True):
    """Of whom visitors were forgotten, up to which partner (None for nobody), and how many visitors."""

    last: int | None
    visitors: int
