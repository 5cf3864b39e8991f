"""Closings of a batch that may be new, and what they come to."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Final, Self

from msgspec import Struct

from opencabinet.ingest.feeds.model import AccountRow, Batch, ClosedRow, MovementRow, Ready, Told
from opencabinet.ingest.feeds.staging import columns
from opencabinet.ingest.feeds.summing.store import Saved
from opencabinet.kernel.ids import Login

FEWEST: Final = 1_000
"""Of fewer rows it is not worth while to look apart."""
COLUMNS: Final = columns(ClosedRow)
NUMBER, TICKET, POSITION, CLOSED_AT = (COLUMNS.index(name) for name in ("number", "ticket", "position", "closed_at"))


class Kept(Struct, frozen=True):
    """The closings of an account: how many, their first and last ticket, and when the last of them closed."""

    login: Login
    rows: int
    first: int
    last: int
    at: datetime

    @property
    def saved(self) -> Saved:
        """What became of them, once all are kept."""
        return Saved("closed", self.login, self.rows, self.first, self.last, self.rows)


class Closings(Struct, frozen=True):
    """The closings of a batch by their tickets, and what else it tells."""

    rows: Mapping[int, Ready]
    others: Sequence[Told]

    @classmethod
    def of(cls, batch: Batch) -> Self | None:
        """Return those of a bulk batch; None where something in it could touch them, or they are few."""
        if not batch.bulk or batch.whole or len(batch.rows) < FEWEST:
            return None
        rows, others = dict[int, Ready](), list[Told]()
        for row in batch.rows:
            if isinstance(row, Ready) and row.kind is ClosedRow and row.cells[TICKET] == row.cells[POSITION]:
                rows[row.key] = row
            else:
                others.append(row)
        found = cls(rows, others)
        return found if len(rows) >= FEWEST and not found.touched else None

    @property
    def numbers(self) -> set[str]:
        """The numbers of their accounts on the server, as they are written."""
        return {row.cells[NUMBER] for row in self.rows.values()}

    @property
    def touched(self) -> bool:
        """Whether other rows of the batch may change them, or whose they are."""
        if not {kind(row) for row in self.others} <= {AccountRow, MovementRow}:
            return True
        accounts = {str(key(row)) for row in self.others if kind(row) is AccountRow}
        moves = {key(row) for row in self.others if kind(row) is MovementRow}
        return bool(accounts & self.numbers or moves & self.rows.keys())

    def kept(self, logins: Mapping[str, Login]) -> Iterator[Kept]:
        """Give what they come to, by account."""
        tickets, times = dict[str, list[int]](), dict[str, datetime]()
        for ticket, row in self.rows.items():
            number, at = row.cells[NUMBER], datetime.fromisoformat(row.cells[CLOSED_AT])
            tickets.setdefault(number, []).append(ticket)
            times[number] = max(times.get(number, at), at)
        for number in sorted(tickets, key=logins.__getitem__):
            all_of_it = tickets[number]
            yield Kept(logins[number], len(all_of_it), min(all_of_it), max(all_of_it), times[number])


def kind(row: Told) -> type[Struct]:
    """Return the kind of a row."""
    return row.kind if isinstance(row, Ready) else type(row)


def key(row: Told) -> int:
    """Return what numbers an account or a movement."""
    if isinstance(row, Ready):
        return row.key
    return row.number if isinstance(row, AccountRow) else getattr(row, "ticket", 0)
