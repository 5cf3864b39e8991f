"""How v1 says figures and times: decimals as text, times in UTC and as the broker's clock shows them."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Annotated, Final

from msgspec import Meta, Struct

from opencabinet.kernel.money import plain
from opencabinet.market import Instrument
from opencabinet.market.model import STANDARD_LOT

Figure = Annotated[
    str,
    Meta(
        pattern=r"^-?[0-9]+(\.[0-9]+)?$",
        description="A decimal number as text: nothing is lost on the way.",
        examples=["-12.5"],
    ),
]
Time = Annotated[
    str,
    Meta(
        description="A moment in UTC (RFC 3339), with milliseconds.",
        extra_json_schema={"format": "date-time"},
        examples=["2026-03-02T09:30:00.000Z"],
    ),
]
BrokerTime = Annotated[
    str,
    Meta(
        pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}$",
        description="The same moment as the trading server's clock shows it, without a zone.",
        examples=["2026-03-02T11:30:00"],
    ),
]
Date = Annotated[
    str,
    Meta(
        description="A day of the trading server's clock.",
        extra_json_schema={"format": "date"},
        examples=["2026-03-02"],
    ),
]
Currency = Annotated[
    str, Meta(description="What money here is counted in: ISO 4217, or the broker's own code.", examples=["USD"])
]
NO_SIZE: Final = "Nobody told the contract size of this symbol."


def figure(number: Decimal) -> str:
    """Write a figure without exponent and without trailing zeros."""
    return plain(number)


def figure_or_none(number: Decimal | None) -> str | None:
    """Write a figure, or None where there is none."""
    return None if number is None else plain(number)


def time(moment: datetime) -> str:
    """Write a moment in UTC, with milliseconds."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def time_or_none(moment: datetime | None) -> str | None:
    """Write a moment, or None where there is none."""
    return None if moment is None else time(moment)


def broker_time(moment: datetime, offset: int) -> str:
    """Write a moment as a clock shows it that is so many minutes ahead of UTC."""
    return (moment.astimezone(UTC).replace(tzinfo=None) + timedelta(minutes=offset)).isoformat(timespec="seconds")


def broker_time_or_none(moment: datetime | None, offset: int | None) -> str | None:
    """Write a moment as a clock shows it, or None where there is none."""
    return None if moment is None or offset is None else broker_time(moment, offset)


def day(given: date) -> str:
    """Write a day."""
    return given.isoformat()


class Size(Struct, frozen=True):
    """How much was traded: lots never travel without the size of their contract.

    `units` are those of the base currency, or what the contract is made of; `standard_lots` are lots of 100,000 units.
    All but the lots are null where nobody told the contract size, and `reason` says so.
    """

    lots: Figure
    units: Figure | None
    contract_size: Figure | None
    standard_lots: Figure | None
    reason: str | None


def size(lots: Decimal, contract_size: Decimal | None, instrument: Instrument | None) -> Size:
    """Say a volume; the contract size is the trade's own, or else that of its instrument, or not known."""
    units_of_lot = contract_size or (instrument.contract_size if instrument else None)
    units = None if units_of_lot is None else lots * units_of_lot
    return Size(
        lots=figure(lots),
        units=figure_or_none(units),
        contract_size=figure_or_none(units_of_lot),
        standard_lots=None if units is None else figure(units / STANDARD_LOT),
        reason=NO_SIZE if units is None else None,
    )
