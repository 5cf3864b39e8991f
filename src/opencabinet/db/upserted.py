"""What became of rows that were saved."""

from typing import Any

from msgspec import Struct


class Upserted(Struct, frozen=True):
    """How many rows of a batch were new, and how many changed."""

    new: int = 0
    changed: int = 0

    def __bool__(self) -> bool:
        return bool(self.new or self.changed)


def upserted(touched: list[Any]) -> Upserted:
    """Count the answers of `RETURNING xmax = 0`: true for a row that was inserted, false for one that was updated."""
    return Upserted(touched.count(True), touched.count(False))
