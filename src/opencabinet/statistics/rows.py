"""Rows that a history can be made of, from whatever room or file they come."""

# ruff: noqa: D102 - the names of columns say it

from datetime import datetime
from decimal import Decimal
from typing import Protocol


class Closed(Protocol):
    """A closing, from wherever. A time without a zone is taken for UTC."""

    @property
    def ticket(self) -> int: ...

    @property
    def symbol(self) -> str: ...

    @property
    def side(self) -> str: ...

    @property
    def lots(self) -> Decimal: ...

    @property
    def open_price(self) -> Decimal | None: ...

    @property
    def close_price(self) -> Decimal: ...

    @property
    def profit(self) -> Decimal: ...

    @property
    def swap(self) -> Decimal: ...

    @property
    def commission(self) -> Decimal: ...

    @property
    def fee(self) -> Decimal: ...

    @property
    def opened_at(self) -> datetime | None: ...

    @property
    def closed_at(self) -> datetime: ...


class Moved(Protocol):
    """A movement of money, from wherever."""

    @property
    def ticket(self) -> int: ...

    @property
    def kind(self) -> str: ...

    @property
    def amount(self) -> Decimal: ...

    @property
    def moved_at(self) -> datetime: ...
